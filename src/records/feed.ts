import { HubError } from '#core/errors.ts'
import { horizon } from '#database/horizon.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'
import { markText } from './find.ts'
import { loadTable, type SyncedTable } from './table.ts'
import type { TableCache } from './table-cache.ts'
import { isVisible, isWhole, unmasked, type View } from './view.ts'

export interface FedChange {
  id: string
  at: Date
  recordId: string
  entity: string
  connectionId: string
  operation: string
  cause: string
  mark: string | null
  changed: Record<string, { before: unknown; after: unknown }>
  /** Where a consumer goes on after this change. */
  cursor: string
}

interface Row {
  id: bigint
  xid: string
  at: Date
  tableId: number
  recordId: string
  operation: string
  cause: string
  mark: bigint[] | null
  changed: FedChange['changed']
}

const COLUMNS = `id, xid::text as xid, at, table_id as "tableId", record_id as "recordId", operation, cause, mark, changed`

// Below the oldest running transaction nothing can appear any more: `id > last` alone loses rows that commit late.
// The columns are named with their table: a bare `xid` in the order would be the answer's text, where 1000 comes before 999.
const reading = (name: string, below: string) => ({
  name,
  text: `select ${COLUMNS} from jackfield.change c
    where (c.xid, c.id) > ($1::text::xid8, $2) and c.xid < ${below}
    order by c.xid, c.id limit $3`,
})
const READ = reading('feed-read', 'pg_snapshot_xmin(pg_current_snapshot())')
// Dearer, and asked where the first shows nothing: what runs in other databases is not waited for.
const READ_ON = reading('feed-read-on', horizon)

/**
 * Changes after a cursor, each once, none missed. Ordered by transaction; of one record, the change with the higher id
 * is the later one. Without a cursor: from the oldest kept. Throws feed.cursor_gone.
 */
export async function readFeed(
  db: Queryable,
  tables: TableCache,
  options: { cursor?: string; limit: number },
): Promise<FedChange[]> {
  const [xid, id] = readCursor(options.cursor)
  if (options.cursor && !(await isKept(db, xid, id))) {
    throw new HubError('feed.cursor_gone', 'Changes after this cursor are no longer kept', {
      field: 'cursor',
      mend: 'Read the records anew, then follow the feed from cursor=now.',
    })
  }
  const values = [xid, id, options.limit]
  const { rows } = await db.query<Row>({ ...READ, values })
  if (rows.length > 0) return toChanges(db, tables, rows)
  return toChanges(db, tables, (await db.query<Row>({ ...READ_ON, values })).rows)
}

// What is purged is purged up to a place; a cursor beyond every transaction is of another server, whose feed was restored here.
const KEPT = {
  name: 'feed-kept',
  text: `select $1::text::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) and not exists (
      select from jackfield.setting s where s.key = 'feed.purged'
        and ($1::text::xid8, $2::bigint) < ((s.value->>'xid')::xid8, (s.value->>'id')::bigint)) as kept`,
}

async function isKept(db: Queryable, xid: string, id: string): Promise<boolean> {
  return (await db.query<{ kept: boolean }>({ ...KEPT, values: [xid, id] })).rows[0]!.kept
}

/** Whether everything after this cursor is still there to be read; not so for one that this hub never gave. */
export async function feedKeeps(db: Queryable, cursor: string): Promise<boolean> {
  const [, xid, id] = cursorForm.exec(cursor) ?? []
  return xid !== undefined && id !== undefined && (await isKept(db, xid, id))
}

/** The cursor that reads only what is fed from now on. */
export async function feedEnd(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ xid: string }>(`select ${horizon}::text as xid`)
  return `${rows[0]!.xid}.0`
}

/**
 * Of these changes those of records that may be seen, without what is masked; one of which nothing is left is none. The
 * cursors stay, so that whoever follows goes on behind what was left out.
 */
export async function seenChanges(
  db: Queryable,
  tables: TableCache,
  fed: readonly FedChange[],
  view: View,
): Promise<FedChange[]> {
  if (isWhole(view) || fed.length === 0) return [...fed]
  const known = await tables.all()
  const tableOf = new Map(known.map((table) => [`${table.connectionId} ${table.entity}`, table]))
  const own = await ownAmong(db, known, fed, view)
  return fed.flatMap((change) => {
    const table = tableOf.get(`${change.connectionId} ${change.entity}`)
    // Of a connection that was removed nobody can tell any more what is masked.
    const seen = table && view.of(table)
    if (!table || !seen || seen.reads === 'none' || (seen.reads === 'own' && !own.has(change.recordId))) return []
    const changed = unmasked(change.changed, seen) as FedChange['changed']
    const isEmptied = change.operation === 'changed' && Object.keys(changed).length === 0
    return isEmptied ? [] : [{ ...change, changed }]
  })
}

async function ownAmong(
  db: Queryable,
  tables: readonly SyncedTable[],
  fed: readonly FedChange[],
  view: View,
): Promise<Set<string>> {
  const asked = tables.filter((table) => view.of(table)?.reads === 'own')
  if (asked.length === 0) return new Set()
  const { rows } = await db.query<{ tableId: number; id: string; links: string[] | null; source: string | null }>({
    name: 'feed-owned',
    text: `select table_id as "tableId", id, links, case when links is null or links = '{}' then source end as source
      from jackfield.record where table_id = any($1::int[]) and id = any($2::uuid[])`,
    values: [asked.map(({ id }) => id), [...new Set(fed.map(({ recordId }) => recordId))]],
  })
  const isMine = (row: (typeof rows)[number]) => {
    const table = asked.find(({ id }) => id === row.tableId)
    return table !== undefined && isVisible(row, table, view.of(table))
  }
  return new Set(rows.filter(isMine).map(({ id }) => id))
}

/** What came in last, for people: latest first, and only what is committed now. */
export async function latestChanges(db: Queryable, tables: TableCache, limit: number): Promise<FedChange[]> {
  const { rows } = await db.query<Row>({
    name: 'feed-latest',
    text: `select ${COLUMNS} from jackfield.change order by id desc limit $1`,
    values: [limit],
  })
  return toChanges(db, tables, rows)
}

/** A record's history, latest first. */
export async function recordHistory(
  db: Queryable,
  tables: TableCache,
  recordId: string,
  limit: number,
): Promise<FedChange[]> {
  const { rows } = await db.query<Row>({
    name: 'feed-history',
    text: `select ${COLUMNS} from jackfield.change where record_id = $1 order by id desc limit $2`,
    values: [recordId, limit],
  })
  return toChanges(db, tables, rows)
}

async function toChanges(db: Queryable, tables: TableCache, rows: Row[]): Promise<FedChange[]> {
  const known = new Map<number, SyncedTable | undefined>()
  for (const tableId of new Set(rows.map((row) => row.tableId))) {
    // What was fed stays in the feed when its connection is removed.
    known.set(tableId, (await tables.get(tableId)) ?? (await loadTable(db, tableId).catch(() => undefined)))
  }
  return rows.map(({ tableId, xid, mark, ...row }) => ({
    ...row,
    id: String(row.id),
    mark: markText(mark),
    entity: known.get(tableId)?.entity ?? '',
    connectionId: known.get(tableId)?.connectionId ?? '',
    cursor: `${xid}.${row.id}`,
  }))
}

// With more digits a number may be beyond Postgres' own; no cursor that was given ever is.
const cursorForm = /^(\d{1,18})\.(\d{1,18})$/

function readCursor(cursor: string | undefined): [string, string] {
  if (cursor === undefined || cursor === '') return ['0', '0']
  const match = cursorForm.exec(cursor)
  if (!match) throw new HubError('input.invalid', 'The cursor is not one that this hub gave', { field: 'cursor' })
  return [match[1]!, match[2]!]
}

const purgeBatch = 10_000

/** Removes changes older than so many days, and keeps in mind how far; answers how many. */
export async function purgeFeed(pool: Pool, keepDays: number): Promise<number> {
  let removed = 0
  for (;;) {
    const gone = await inTransaction(pool, (tx) => purgeSome(tx, keepDays))
    removed += gone
    if (gone < purgeBatch) return removed
  }
}

async function purgeSome(tx: Transaction, keepDays: number): Promise<number> {
  const { rows } = await tx.query<{ xid: string; id: bigint; count: number }>({
    name: 'feed-purge',
    text: `with gone as (delete from jackfield.change where id in
          (select id from jackfield.change where at < now() - make_interval(days => $1) limit ${purgeBatch}) returning xid, id)
      select g.xid::text as xid, g.id, (count(*) over ())::int as count from gone g order by g.xid desc, g.id desc limit 1`,
    values: [keepDays],
  })
  const last = rows[0]
  if (!last) return 0
  await tx.query({
    name: 'feed-purged',
    text: `insert into jackfield.setting as s (key, value) values ('feed.purged', jsonb_build_object('xid', $1::text, 'id', $2::text))
      on conflict (key) do update set value = excluded.value, changed_at = now()
      where ((s.value->>'xid')::xid8, (s.value->>'id')::bigint) < ($1::text::xid8, $2::text::bigint)`,
    values: [last.xid, String(last.id)],
  })
  return last.count
}

/**
 * A database that was restored into another server brings changes of transactions that this server has not reached: they
 * would stay unread, and all that is fed from now on would come before them. They become the oldest.
 */
export async function adoptRestoredFeed(pool: Pool): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const { rowCount } = await tx.query(
      `update jackfield.change set xid = '3'::xid8 where xid > pg_snapshot_xmax(pg_current_snapshot())`,
    )
    if (rowCount) await tx.query(`delete from jackfield.setting where key = 'feed.purged'`)
  })
}

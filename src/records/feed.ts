import { HubError } from '#core/errors.ts'
import type { Pool, Queryable } from '#database/pool.ts'
import { markText } from './find.ts'
import type { TableCache } from './table-cache.ts'

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
const READ = {
  name: 'feed-read',
  text: `select ${COLUMNS} from jackfield.change c
    where (c.xid, c.id) > ($1::text::xid8, $2) and c.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by c.xid, c.id limit $3`,
}

/**
 * Changes after a cursor, each once, none missed. Ordered by transaction; of one record, the change with the higher id
 * is the later one. Without a cursor: from the oldest kept.
 */
export async function readFeed(
  db: Queryable,
  tables: TableCache,
  options: { cursor?: string; limit: number },
): Promise<FedChange[]> {
  const [xid, id] = readCursor(options.cursor)
  const { rows } = await db.query<Row>({ ...READ, values: [xid, id, options.limit] })
  return Promise.all(rows.map((row) => toChange(row, tables)))
}

/** The cursor that reads only what is fed from now on. */
export async function feedEnd(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ xid: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as xid')
  return `${rows[0]!.xid}.0`
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
  return Promise.all(rows.map((row) => toChange(row, tables)))
}

async function toChange({ tableId, xid, mark, ...row }: Row, tables: TableCache): Promise<FedChange> {
  const table = await tables.get(tableId)
  return {
    ...row,
    id: String(row.id),
    mark: markText(mark),
    entity: table?.entity ?? '',
    connectionId: table?.connectionId ?? '',
    cursor: `${xid}.${row.id}`,
  }
}

function readCursor(cursor: string | undefined): [string, string] {
  if (cursor === undefined || cursor === '') return ['0', '0']
  // With more digits a number may be beyond Postgres' own; no cursor that was given ever is.
  const match = /^(\d{1,18})\.(\d{1,18})$/.exec(cursor)
  if (!match) throw new HubError('input.invalid', 'The cursor is not one that this hub gave', { field: 'cursor' })
  return [match[1]!, match[2]!]
}

const purgeBatch = 10_000

/** Removes changes older than so many days; answers how many. */
export async function purgeFeed(pool: Pool, keepDays: number): Promise<number> {
  let removed = 0
  for (;;) {
    const { rowCount } = await pool.query({
      name: 'feed-purge',
      text: `delete from jackfield.change where id in
        (select id from jackfield.change where at < now() - make_interval(days => $1) limit ${purgeBatch})`,
      values: [keepDays],
    })
    removed += rowCount ?? 0
    if ((rowCount ?? 0) < purgeBatch) return removed
  }
}

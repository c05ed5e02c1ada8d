import type { Transaction } from '#database/pool.ts'
import { markLiteral } from '#model/mark.ts'
import { contentHashSql } from './content.ts'
import type { Stored } from './decide.ts'
import { indexKeys, type Keys, linkTexts, pointTexts, replaceKeys } from './keys.ts'
import { byteTexts, literals, texts } from './lists.ts'
import type { Incoming } from './read-rows.ts'
import type { SyncedTable } from './table.ts'

export interface StoredRow extends Stored {
  id: string
  points: string[]
  links: string[]
  /** The CRM's JSON text; null on the tombstone of a row that was never seen. */
  source: string | null
}

// $4 to $13, as columnValues gives them.
const COLUMNS = `rows from (unnest($4::uuid[]), string_to_table($5, E'\\x1e', ''), unnest($6::float8[]),
      unnest($7::boolean[]), string_to_table($8, E'\\x1e'), string_to_table($9, E'\\x1e', ''), string_to_table($10, E'\\x1e', ''),
      string_to_table($11, E'\\x1e', ''), string_to_table($12, E'\\x1e', ''), string_to_table($13, E'\\x1e'))
      as page(id, mark, modified_at, active, source_id, name, search_text, points, links, source)`

const INSERT_NEW = {
  name: 'record-insert-new',
  text: `insert into jackfield.record(table_id, rule_version, ticket, id, content_hash, mark, modified_at,
      active, source_id, name, search_text, points, links, source)
    select $1, $2, $3, id, ${contentHashSql('source')}, mark::bigint[], to_timestamp(modified_at), active, source_id, name, search_text,
      string_to_array(points, E'\\x1f'), string_to_array(links, E'\\x1f'), source
    from ${COLUMNS}`,
}
const INSERT = {
  name: 'record-insert',
  text: `with inserted as (${INSERT_NEW.text} on conflict do nothing returning id)
    select count(*)::int as count, string_agg(id::text, ' ') as ids from inserted`,
}

const UPDATE = {
  name: 'record-update',
  text: `update jackfield.record r set rule_version = $2, ticket = $3, content_hash = ${contentHashSql('page.source')},
      mark = page.mark::bigint[], modified_at = to_timestamp(page.modified_at), active = page.active, name = page.name,
      search_text = page.search_text, points = string_to_array(page.points, E'\\x1f'),
      links = string_to_array(page.links, E'\\x1f'), source = page.source, stored_at = now(), deleted_at = null,
      out_of_scope_at = case when page.id = any($14::uuid[]) then coalesce(r.out_of_scope_at, now()) end
    from ${COLUMNS}
    where r.table_id = $1 and r.id = page.id`,
}

const STATE = `id, mark, content_hash as "contentHash", ticket, deleted_at is not null as deleted,
      out_of_scope_at is not null as "outOfScope"`

const STATES = {
  name: 'record-states',
  text: `select ${STATE} from jackfield.record where table_id = $1 and id = any($2::uuid[])`,
}

const LOCK = {
  name: 'record-lock',
  text: `select ${STATE}, coalesce(points, '{}') as points, coalesce(links, '{}') as links, source
    from jackfield.record where table_id = $1 and id = any($2::uuid[]) order by id for update`,
}

const INSERT_TOMBSTONES = {
  name: 'record-insert-tombstones',
  text: `insert into jackfield.record(table_id, rule_version, ticket, active, deleted_at, id, source_id)
    select $1, $2, $3, false, now(), id, source_id
    from rows from (unnest($4::uuid[]), string_to_table($5, E'\\x1e')) as absent(id, source_id)
    on conflict do nothing returning id`,
}

const BURY = {
  name: 'record-bury',
  text: `update jackfield.record set deleted_at = now(), stored_at = now(), ticket = $2, points = null, links = null
    where table_id = $1 and id = any($3::uuid[])`,
}

const ids = (rows: readonly { id: string }[]) => literals(rows.map((row) => row.id))

/** A light comparison: what the hub holds of these rows, without their content. */
export async function storedStates(
  tx: Transaction,
  tableId: number,
  rows: readonly { id: string }[],
): Promise<Map<string, Stored>> {
  const found = await tx.query<Stored & { id: string }>({ ...STATES, values: [tableId, ids(rows)] })
  return new Map(found.rows.map((row) => [row.id, row]))
}

export async function lockRows(
  tx: Transaction,
  tableId: number,
  rows: readonly { id: string }[],
): Promise<Map<string, StoredRow>> {
  if (rows.length === 0) return new Map()
  const found = await tx.query<StoredRow>({ ...LOCK, values: [tableId, ids(rows)] })
  return new Map(found.rows.map((row) => [row.id, row]))
}

const noKeys: Keys = { points: [], links: [] }
/** What left the filter keeps its content and loses its keys: it is not found by number or e-mail. */
const keysOf = (incoming: Incoming): Keys => (incoming.inScope ? incoming.derived() : noKeys)

const withKeys = (id: string, { points, links }: Keys) => ({ id, points, links })

/** Each row is looked at once, for all columns: a page's rows are more than what the processor has at hand. */
function columnValues(rows: readonly Incoming[]): (string | Buffer)[] {
  const list = (): string[] => []
  const [marks, sourceIds, names, searchTexts, points, links] = [list(), list(), list(), list(), list(), list()]
  const modifiedAt: (number | null)[] = []
  const active: boolean[] = []
  const raws: Buffer[] = []
  for (const incoming of rows) {
    const { row } = incoming
    const derived = incoming.derived()
    const keys = keysOf(incoming)
    marks.push(row.mark === null ? '' : markLiteral(row.mark))
    modifiedAt.push(derived.modifiedAt)
    active.push(derived.active)
    sourceIds.push(row.sourceId)
    names.push(derived.name ?? '')
    searchTexts.push(derived.searchText ?? '')
    points.push(pointTexts(keys))
    links.push(linkTexts(keys))
    raws.push(row.raw)
  }
  const before = [ids(rows), texts(marks), literals(modifiedAt), literals(active)]
  return [...before, ...[sourceIds, names, searchTexts, points, links].map(texts), byteTexts(raws)]
}

/**
 * Inserts rows that the hub does not hold, with their keys; answers those that it holds already. With `surelyNew` one that
 * it holds ends the transaction with 23505.
 */
export async function insertRows(
  tx: Transaction,
  table: SyncedTable,
  rows: readonly Incoming[],
  { ticket, surelyNew }: { ticket: bigint; surelyNew: boolean },
): Promise<Incoming[]> {
  if (rows.length === 0) return []
  const insert = surelyNew ? insertSurelyNew : insertAbsent
  const held = await insert(tx, [table.id, table.ruleVersion, ticket, ...columnValues(rows)], rows)
  const fresh = held.size === 0 ? rows : rows.filter((incoming) => !held.has(incoming))
  await indexKeys(
    tx,
    table.id,
    fresh.map((incoming) => withKeys(incoming.id, keysOf(incoming))),
    surelyNew,
  )
  return [...held]
}

async function insertSurelyNew(tx: Transaction, values: unknown[]): Promise<Set<Incoming>> {
  await tx.query({ ...INSERT_NEW, values })
  return new Set()
}

async function insertAbsent(tx: Transaction, values: unknown[], rows: readonly Incoming[]): Promise<Set<Incoming>> {
  // One row of answer: of one for each that was stored the driver would make as many objects.
  const answer = await tx.query<{ count: number; ids: string | null }>({ ...INSERT, values })
  const { count, ids: stored } = answer.rows[0]!
  if (count === rows.length) return new Set()
  const inserted = new Set(stored?.split(' '))
  return new Set(rows.filter((incoming) => !inserted.has(incoming.id)))
}

/** Overwrites locked rows with later readings. */
export async function replaceRows(
  tx: Transaction,
  table: SyncedTable,
  writes: readonly { incoming: Incoming; stored: StoredRow }[],
  ticket: bigint,
): Promise<void> {
  if (writes.length === 0) return
  const rows = writes.map(({ incoming }) => incoming)
  const outside = ids(rows.filter((incoming) => !incoming.inScope))
  await tx.query({ ...UPDATE, values: [table.id, table.ruleVersion, ticket, ...columnValues(rows), outside] })
  const changes = writes.map(({ incoming, stored }) => ({ id: incoming.id, before: stored, after: keysOf(incoming) }))
  await replaceKeys(tx, table.id, changes)
}

/** Tombstones for rows that the hub never held, so that a late page cannot bring them in; answers the ids inserted. */
export async function insertTombstones(
  tx: Transaction,
  table: SyncedTable,
  absent: readonly { id: string; sourceId: string }[],
  ticket: bigint,
): Promise<Set<string>> {
  const values = [table.id, table.ruleVersion, ticket, ids(absent), texts(absent.map(({ sourceId }) => sourceId))]
  const inserted = await tx.query<{ id: string }>({ ...INSERT_TOMBSTONES, values })
  return new Set(inserted.rows.map((row) => row.id))
}

/** Turns locked rows into tombstones: the content stays for history, the keys go. */
export async function buryRows(
  tx: Transaction,
  table: SyncedTable,
  rows: readonly StoredRow[],
  ticket: bigint,
): Promise<void> {
  if (rows.length === 0) return
  await tx.query({ ...BURY, values: [table.id, ticket, ids(rows)] })
  await replaceKeys(
    tx,
    table.id,
    rows.map((stored) => ({ id: stored.id, before: stored, after: noKeys })),
  )
}

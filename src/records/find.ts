import { HubError } from '#core/errors.ts'
import { parseExact } from '#core/exact-json.ts'
import type { Queryable } from '#database/pool.ts'
import type { Mark } from '#model/mark.ts'
import { readPoint } from './keys.ts'
import { mapValues } from './map-fields.ts'
import { reversed } from './phone.ts'
import type { SyncedTable } from './table.ts'
import type { TableCache } from './table-cache.ts'
import { derivedFor, isMasked, isVisible, ownerRole, type TableView, unmasked, type View, wholeView } from './view.ts'

/** A record as the hub shows it. */
export interface HubRecord {
  id: string
  entity: string
  connectionId: string
  name: string | null
  active: boolean
  source: { crm: string; organisation: string; id: string; url: string }
  fields: Record<string, unknown>
  sourceFields: Record<string, unknown>
  mark: string | null
  storedAt: Date
  modifiedAt: Date | null
  deletedAt: Date | null
  outOfScopeAt: Date | null
  /** How its telephone numbers were read. */
  phones: { field: string; e164: string | null; digits: string | null }[]
}

/** A record's row as it is read to be shown. */
export interface Row {
  tableId: number
  id: string
  name: string | null
  active: boolean
  sourceId: string
  source: string | null
  mark: Mark | null
  points: string[] | null
  links: string[] | null
  storedAt: Date
  modifiedAt: Date | null
  deletedAt: Date | null
  outOfScopeAt: Date | null
}

const COLUMNS = `table_id as "tableId", id, name, active, source_id as "sourceId", source, mark, points, links,
  stored_at as "storedAt", modified_at as "modifiedAt", deleted_at as "deletedAt", out_of_scope_at as "outOfScopeAt"`

/** Where a record stands in its CRM: given by who knows the connectors. */
export type RecordUrl = (table: SyncedTable, sourceId: string) => string

export interface Finder {
  tables: TableCache
  recordUrl: RecordUrl
  /** Whose eyes it finds for; absent: the hub's own, which see all. */
  view?: View
}

function toRecord(row: Row, table: SyncedTable, recordUrl: RecordUrl, view: TableView | null): HubRecord {
  const { source, mark, points, links: _links, tableId: _tableId, sourceId, ...rest } = row
  const all = source === null ? null : parseExact(source)
  const values = all && view ? unmasked(all, view) : all
  return {
    ...rest,
    ...(view ? withoutMasked(row, table, view) : {}),
    entity: table.entity,
    connectionId: table.connectionId,
    source: { crm: table.crm, organisation: table.organisation, id: sourceId, url: recordUrl(table, sourceId) },
    fields: values === null ? {} : mapValues(values, table, view?.maskedFields),
    sourceFields: values ?? {},
    mark: markText(mark),
    phones: (points ?? [])
      .map(readPoint)
      .filter(({ kind, field }) => kind !== 'e' && !(view && isMasked(view.masked, field)))
      .map(shownPhone),
  }
}

/** What was made of masked columns, made again without them. */
function withoutMasked(row: Row, table: SyncedTable, { hides, ...view }: TableView) {
  return {
    ...(hides.name ? { name: nameWithout(row, table, { hides, ...view }) } : {}),
    ...(hides.active ? { active: true } : {}),
    ...(hides.modifiedAt ? { modifiedAt: null } : {}),
  }
}

/** The record's name as somebody may see it. */
export function nameWithout(
  row: { name: string | null; source: string | null },
  table: SyncedTable,
  view: TableView | null,
): string | null {
  if (!view?.hides.name) return row.name
  return row.source === null ? null : derivedFor(row.source, table, view).name
}

export const markText = (mark: Mark | null) => (mark === null ? null : mark.join('.'))

const shownPhone = ({ kind, value, field }: { kind: string; value: string; field: string }) =>
  kind === 'p' ? { field, e164: `+${reversed(value)}`, digits: null } : { field, e164: null, digits: reversed(value) }

export interface RecordPage {
  records: HubRecord[]
  next: string | null
}

export interface ListOptions {
  entity?: string
  connectionId?: string
  cursor?: string
  limit: number
}

/** Every record of an entity, tombstones too, in a stable order. Of what is only seen where it is one's own: what lives. */
export async function listRecords(
  db: Queryable,
  { tables, recordUrl, view = wholeView }: Finder,
  options: ListOptions,
): Promise<RecordPage> {
  const wanted = (await tables.all())
    .filter((table) => options.entity === undefined || table.entity === options.entity)
    .filter((table) => options.connectionId === undefined || table.connectionId === options.connectionId)
    .filter((table) => view.of(table)?.reads !== 'none')
  const [afterTable, afterId] = readCursor(options.cursor)
  const records: HubRecord[] = []
  for (const table of wanted.filter(({ id }) => id >= afterTable)) {
    const after = table.id === afterTable ? afterId : null
    const rows = await pageOf(db, table, view.of(table), { after, limit: options.limit - records.length })
    for (const row of rows) records.push(toRecord(row, table, recordUrl, view.of(table)))
    const last = rows.at(-1)
    if (records.length >= options.limit && last) return { records, next: `${table.id}.${last.id}` }
  }
  return { records, next: null }
}

const PAGE = {
  name: 'records-list',
  text: `select ${COLUMNS} from jackfield.record where table_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
}
// By the relation to their owners, whose index finds the few among the many.
const OWN_PAGE = {
  name: 'records-list-own',
  text: `select ${COLUMNS} from jackfield.record where table_id = $1 and deleted_at is null and id in
      (select record_id from jackfield.relation where target_source_id = any($4::text[]) and role = '${ownerRole}'
        and table_id = $1 and ($2::uuid is null or record_id > $2) order by record_id limit $3)
    order by id limit $3`,
}

async function pageOf(
  db: Queryable,
  table: SyncedTable,
  view: TableView | null,
  { after, limit }: { after: string | null; limit: number },
): Promise<Row[]> {
  const values = [table.id, after, limit]
  if (view?.reads !== 'own') return (await db.query<Row>({ ...PAGE, values })).rows
  return (await db.query<Row>({ ...OWN_PAGE, values: [...values, [...view.owners]] })).rows
}

function readCursor(cursor: string | undefined): [number, string | null] {
  if (cursor === undefined || cursor === '') return [0, null]
  const match = /^(\d{1,9})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (!match) throw new HubError('input.invalid', 'The cursor is not one that this hub gave', { field: 'cursor' })
  return [Number(match[1]), match[2]!]
}

/** Rows by id, of these tables. */
export async function findRow(db: Queryable, tableIds: readonly number[], ids: readonly string[]): Promise<Row[]> {
  const { rows } = await db.query<Row>({
    name: 'record-find',
    text: `select ${COLUMNS} from jackfield.record where table_id = any($1::int[]) and id = any($2::uuid[])`,
    values: [tableIds, ids],
  })
  return rows
}

/** One record by its id; throws record.not_found, also where it may not be seen. */
export async function findRecord(db: Queryable, finder: Finder, id: string): Promise<HubRecord> {
  const { row, table } = await findHeld(db, await finder.tables.all(), id, finder.view)
  return toRecord(row, table, finder.recordUrl, finder.view?.of(table) ?? null)
}

/** Several at once, in the order of their ids; what is not held, or may not be seen, is left out. */
export async function findRecords(db: Queryable, finder: Finder, ids: readonly string[]): Promise<HubRecord[]> {
  if (ids.length === 0) return []
  const { recordUrl, view = wholeView } = finder
  const known = await finder.tables.all()
  const rows = await findRow(
    db,
    known.map((table) => table.id),
    ids,
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    const table = row && known.find((candidate) => candidate.id === row.tableId)
    if (!row || !table || !isVisible(row, table, view.of(table))) return []
    return toRecord(row, table, recordUrl, view.of(table))
  })
}

/** A row that may be seen; throws record.not_found. */
export async function findHeld(
  db: Queryable,
  known: SyncedTable[],
  id: string,
  view: View = wholeView,
): Promise<{ row: Row; table: SyncedTable }> {
  const [row] = await findRow(
    db,
    known.map((table) => table.id),
    [id],
  )
  const table = known.find((candidate) => candidate.id === row?.tableId)
  if (row && table && isVisible(row, table, view.of(table))) return { row, table }
  throw new HubError('record.not_found', 'The hub holds no such record')
}

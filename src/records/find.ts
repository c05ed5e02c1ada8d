import { HubError } from '#core/errors.ts'
import { parseExact } from '#core/exact-json.ts'
import { recordId } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import type { Mark } from '#model/mark.ts'
import { readLink, readPoint } from './keys.ts'
import { mapFields } from './map-fields.ts'
import { reversed } from './phone.ts'
import type { SyncedTable } from './table.ts'
import type { TableCache } from './table-cache.ts'

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

interface Row {
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
}

function toRecord(row: Row, table: SyncedTable, recordUrl: RecordUrl): HubRecord {
  const { source, mark, points, links: _links, tableId: _tableId, sourceId, ...rest } = row
  return {
    ...rest,
    entity: table.entity,
    connectionId: table.connectionId,
    source: { crm: table.crm, organisation: table.organisation, id: sourceId, url: recordUrl(table, sourceId) },
    fields: source === null ? {} : mapFields(source, table),
    sourceFields: source === null ? {} : parseExact(source),
    mark: markText(mark),
    phones: (points ?? [])
      .map(readPoint)
      .filter(({ kind }) => kind !== 'e')
      .map(shownPhone),
  }
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

/** Every record of an entity, tombstones too, in a stable order. */
export async function listRecords(
  db: Queryable,
  { tables, recordUrl }: Finder,
  options: ListOptions,
): Promise<RecordPage> {
  const wanted = (await tables.all())
    .filter((table) => options.entity === undefined || table.entity === options.entity)
    .filter((table) => options.connectionId === undefined || table.connectionId === options.connectionId)
  const [afterTable, afterId] = readCursor(options.cursor)
  const records: HubRecord[] = []
  for (const table of wanted.filter(({ id }) => id >= afterTable)) {
    const after = table.id === afterTable ? afterId : null
    const { rows } = await db.query<Row>({
      name: 'records-list',
      text: `select ${COLUMNS} from jackfield.record where table_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
      values: [table.id, after, options.limit - records.length],
    })
    for (const row of rows) records.push(toRecord(row, table, recordUrl))
    const last = rows.at(-1)
    if (records.length >= options.limit && last) return { records, next: `${table.id}.${last.id}` }
  }
  return { records, next: null }
}

function readCursor(cursor: string | undefined): [number, string | null] {
  if (cursor === undefined || cursor === '') return [0, null]
  const match = /^(\d{1,9})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (!match) throw new HubError('input.invalid', 'The cursor is not one that this hub gave', { field: 'cursor' })
  return [Number(match[1]), match[2]!]
}

async function findRow(db: Queryable, tableIds: readonly number[], ids: readonly string[]): Promise<Row[]> {
  const { rows } = await db.query<Row>({
    name: 'record-find',
    text: `select ${COLUMNS} from jackfield.record where table_id = any($1::int[]) and id = any($2::uuid[])`,
    values: [tableIds, ids],
  })
  return rows
}

/** One record by its id; throws record.not_found. */
export async function findRecord(db: Queryable, { tables, recordUrl }: Finder, id: string): Promise<HubRecord> {
  const { row, table } = await findHeld(db, await tables.all(), id)
  return toRecord(row, table, recordUrl)
}

async function findHeld(db: Queryable, known: SyncedTable[], id: string): Promise<{ row: Row; table: SyncedTable }> {
  const [row] = await findRow(
    db,
    known.map((table) => table.id),
    [id],
  )
  const table = known.find((candidate) => candidate.id === row?.tableId)
  if (!row || !table) throw new HubError('record.not_found', 'The hub holds no such record')
  return { row, table }
}

export interface Related {
  role: string
  /** 'to': this record points there. 'from': that one points here. */
  direction: 'to' | 'from'
  /** Null: not (yet) in the hub. */
  record: { id: string; entity: string; name: string | null } | null
  targetSourceId: string
}

const relatedLimit = 200

/** What a record points at and what points at it, whether it has arrived or not. */
export async function findRelated(db: Queryable, { tables }: Finder, id: string): Promise<Related[]> {
  const known = await tables.all()
  const { row, table } = await findHeld(db, known, id)
  return [...(await pointedAt(db, known, table, row)), ...(await pointingHere(db, known, table, row))]
}

async function pointedAt(db: Queryable, known: SyncedTable[], table: SyncedTable, row: Row): Promise<Related[]> {
  const links = (row.links ?? []).map(readLink)
  const siblings = known.filter((candidate) => candidate.connectionId === table.connectionId)
  const candidates = links.map((link) => {
    const entities = table.mapping.relations.find(({ role }) => role === link.role)?.entities ?? []
    return {
      link,
      ids: entities.map((entity) =>
        recordId({ crm: table.crm, organisation: table.organisation, entity, sourceId: link.target }),
      ),
    }
  })
  const found = await findRow(
    db,
    siblings.map((sibling) => sibling.id),
    candidates.flatMap(({ ids }) => ids),
  )
  return candidates.map(({ link, ids }) => {
    const target = found.find((candidate) => ids.includes(candidate.id) && candidate.deletedAt === null)
    return {
      role: link.role,
      direction: 'to',
      targetSourceId: link.target,
      record: target ? asTarget(target, siblings) : null,
    }
  })
}

const asTarget = (row: Row, tables: SyncedTable[]) => ({
  id: row.id,
  name: row.name,
  entity: tables.find((table) => table.id === row.tableId)?.entity ?? '',
})

async function pointingHere(db: Queryable, known: SyncedTable[], table: SyncedTable, row: Row): Promise<Related[]> {
  const siblings = known.filter((candidate) => candidate.connectionId === table.connectionId)
  const { rows } = await db.query<Row & { role: string }>({
    name: 'record-pointing-here',
    text: `select l.role, r.table_id as "tableId", r.id, r.name from jackfield.relation l
      join jackfield.record r on r.table_id = l.table_id and r.id = l.record_id
      where l.target_source_id = $1 and l.table_id = any($2::int[]) limit $3`,
    values: [row.sourceId, siblings.map((sibling) => sibling.id), relatedLimit],
  })
  const mine = rows.filter(({ tableId, role }) => {
    const from = siblings.find((sibling) => sibling.id === tableId)
    return from?.mapping.relations.some(
      (relation) => relation.role === role && relation.entities.includes(table.entity),
    )
  })
  return mine.map((other) => ({
    role: other.role,
    direction: 'from',
    targetSourceId: row.sourceId,
    record: asTarget(other, siblings),
  }))
}

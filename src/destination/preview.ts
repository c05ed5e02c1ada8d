import type { Connector } from '#connectors/connector.ts'
import { exactDigits, parseExact } from '#core/exact-json.ts'
import type { Queryable } from '#database/pool.ts'
import { recordNames } from '#records/names.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { buildRow } from './build.ts'
import { checkMapping } from './check-mapping.ts'
import { convert } from './convert.ts'
import { type Line, mappingOf } from './mapping.ts'
import { openPart, type PartName } from './mapping-part.ts'
import { type LeftOut, type PlannedColumn, planLine, planRows, type RowPlan } from './plan.ts'
import { labelOf } from './sources.ts'

/** What becomes of one column when the lines change. All figures are of the records looked at. */
export interface ColumnDifference {
  to: string
  change: 'added' | 'changed' | 'removed'
  before: Line | null
  after: Line | null
  /** Rows that get another value; of a column that is no longer filled, rows that keep what stands there. */
  differing: number
  /** Records whose value the column does not take: their rows wait with the reason. */
  refused: number
  /** One of the reasons. */
  reason: string | null
  /** Why the new line cannot be followed. */
  left: LeftOut | null
  examples: { record: { id: string; name: string | null }; before: unknown; after: unknown }[]
}

export interface MappingPreview {
  /** Records of this kind, and how many of them were looked at. */
  records: number
  looked: number
  /** Of those looked at: whose row is written anew. */
  rewritten: number
  columns: ColumnDifference[]
}

const mostLooked = 2_000
const mostExamples = 3

interface PreviewParts {
  pool: Queryable
  connectorOf(crm: string): Connector
}

/** What other lines would add, change and drop; nothing is stored. Throws mapping.invalid as storing them would. */
export async function previewMapping(parts: PreviewParts, name: PartName, lines: Line[]): Promise<MappingPreview> {
  const { destination, sources, to, lines: before } = await openPart(parts.pool, name)
  checkMapping(await listTables(parts.pool), destination, { [name.entity]: { [name.crm]: lines } })
  const differences = changedLines(before, lines)
  const preview: MappingPreview = { records: 0, looked: 0, rewritten: 0, columns: differences }
  if (!to || differences.length === 0) return preview
  const { entities } = destination
  for (const table of sources) {
    const from = parts.connectorOf(table.crm)
    const planOf = (own: Line[]) => {
      const mapping = mappingOf({ ...destination.mapping, [name.entity]: { [table.crm]: own } })
      const { recordUrl } = from
      return planRows({ table, to: to.source, mapping, label: labelOf(from, table), entities, recordUrl })
    }
    for (const one of differences) {
      const planned = one.after && planLine(one.after, { table, to: to.source, entities })
      if (typeof planned === 'string') one.left = planned
    }
    const { records, total } = await someRecords(parts.pool, table, Math.ceil(mostLooked / sources.length))
    preview.records += total
    preview.looked += records.length
    const plans = { before: planOf(before), after: planOf(lines) }
    for (const record of records) if (compare(record, plans, differences)) preview.rewritten += 1
  }
  await nameReferences(parts.pool, differences)
  return preview
}

const key = (line: Line) => ('field' in line ? `field ${line.field}` : `model ${line.model}`)

function changedLines(before: readonly Line[], after: readonly Line[]): ColumnDifference[] {
  const was = new Map(before.map((line) => [line.to, line]))
  const is = new Map(after.map((line) => [line.to, line]))
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((to) => {
    const [old, now] = [was.get(to) ?? null, is.get(to) ?? null]
    if (old && now && key(old) === key(now)) return []
    const change = old === null ? 'added' : now === null ? 'removed' : 'changed'
    const counts = { differing: 0, refused: 0, reason: null, left: null, examples: [] }
    return [{ to, change, before: old, after: now, ...counts }]
  })
}

interface Looked {
  id: string
  name: string | null
  sourceId: string
  source: string
}

/** Record ids are hashes: the first by id are any. */
async function someRecords(
  db: Queryable,
  { id }: SyncedTable,
  limit: number,
): Promise<{ records: Looked[]; total: number }> {
  const live = 'table_id = $1 and deleted_at is null and out_of_scope_at is null and source is not null'
  const { rows } = await db.query<Looked>({
    name: 'destination-preview-records',
    text: `select id, name, source_id as "sourceId", source from jackfield.record where ${live} order by id limit $2`,
    values: [id, limit],
  })
  if (rows.length < limit) return { records: rows, total: rows.length }
  const counted = await db.query<{ total: number }>({
    name: 'destination-preview-count',
    text: `select count(*)::int as total from jackfield.record where ${live}`,
    values: [id],
  })
  return { records: rows, total: counted.rows[0]!.total }
}

/** Notes what a record's row shows of each difference; true where the row becomes another one. */
function compare(
  record: Looked,
  { before, after }: { before: RowPlan; after: RowPlan },
  differences: readonly ColumnDifference[],
): boolean {
  const same = (id: string) => id
  const [was, is] = [buildRow(before, record, same), buildRow(after, record, same)]
  const values = parseExact(record.source)
  for (const one of differences) {
    const planned = after.columns.find(({ to }) => isNamed(to.name, one.to))
    const reason = planned ? refusalOf(planned, values) : null
    if (reason !== null) {
      one.refused += 1
      one.reason ??= reason
    }
    const [old, now] = [shownOf(was.fields, one.to), shownOf(is.fields, one.to)]
    const differs = one.change === 'removed' ? old !== null : JSON.stringify(old) !== JSON.stringify(now)
    if (!differs) continue
    one.differing += 1
    if (one.examples.length < mostExamples) {
      one.examples.push({ record: { id: record.id, name: record.name }, before: old, after: now })
    }
  }
  return was.hash !== is.hash
}

/** A lookup is named with or without the form in which it is read. */
const isNamed = (column: string, to: string) => column === to || column === `_${to}_value`

/** A number that JavaScript would round is shown as a text. */
function shownOf(fields: Record<string, unknown>, to: string): unknown {
  const value = fields[to] ?? fields[`_${to}_value`] ?? null
  return exactDigits(value) ?? value
}

function refusalOf({ to, from, fromField, targets }: PlannedColumn, values: Record<string, unknown>): string | null {
  if (targets.length > 0 || values[from] === undefined) return null
  const converted = convert(values[from], to, fromField)
  return 'problem' in converted ? converted.problem : null
}

/** References are shown by the name of the record that they point at. */
async function nameReferences(db: Queryable, differences: readonly ColumnDifference[]): Promise<void> {
  const examples = differences.flatMap((one) => one.examples)
  const idOf = (value: unknown) =>
    typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : null
  const ids = examples.flatMap(({ before, after }) => [idOf(before) ?? [], idOf(after) ?? []].flat())
  if (ids.length === 0) return
  const tables = await listTables(db)
  const names = await recordNames(db, tables, ids)
  for (const one of examples) {
    for (const side of ['before', 'after'] as const) {
      const id = idOf(one[side])
      if (id !== null) one[side] = names.get(id) ?? null
    }
  }
}

import { digitsOf, parseExact } from '#core/exact-json.ts'
import { sourceColumns } from '#model/source-columns.ts'
import { contentHash } from '#records/content.ts'
import { convert } from './convert.ts'
import type { PlannedColumn, RowPlan } from './plan.ts'

/** Where a record that is pointed at stands in the destination; undefined while it has no row. */
export type RowIdOf = (recordId: string) => string | undefined

export interface BuiltRow {
  /** Column → value; a lookup that cannot be followed yet is null. */
  fields: Record<string, unknown>
  /** Records that a lookup points at and that have no row yet. */
  awaits: string[]
  /** The row cannot be written as it is: which column, and why. */
  refused: { column: string; reason: string } | null
  hash: bigint
}

/** Where a row comes from. */
export function sourceFields(plan: RowPlan, sourceId: string): Record<string, unknown> {
  const fields: Record<string, unknown> = { [sourceColumns.crm]: plan.crm, [sourceColumns.id]: sourceId }
  const url = plan.url(sourceId)
  // An address that was cut would lead elsewhere.
  if (plan.urlLength > 0) fields[sourceColumns.url] = url.length <= plan.urlLength ? url : null
  return fields
}

/** A record's row, made of the CRM's own text. A field that is not in the text is left as it stands in the destination. */
export function buildRow(plan: RowPlan, record: { sourceId: string; source: string }, rowIdOf: RowIdOf): BuiltRow {
  const values = parseExact(record.source)
  const fields = sourceFields(plan, record.sourceId)
  const awaits: string[] = []
  let refused: BuiltRow['refused'] =
    plan.crm === null ? { column: sourceColumns.crm, reason: 'no choice of this name' } : null
  for (const column of plan.columns) {
    const value = values[column.from]
    if (value === undefined) continue
    if (column.targets.length > 0) {
      fields[column.to.name] = pointAt(column, value, { rowIdOf, awaits })
      continue
    }
    const converted = convert(value, column.to, column.fromField)
    if ('problem' in converted) refused ??= { column: column.to.name, reason: converted.problem }
    else fields[column.to.name] = converted.value
  }
  return { fields, awaits, refused, hash: contentHash(Buffer.from(JSON.stringify(fields))) }
}

/** Ids of the records that a row of this table points at, to be looked for before it is made. */
export function pointedAt(plan: RowPlan, source: string): string[] {
  if (plan.columns.every(({ targets }) => targets.length === 0)) return []
  const values = parseExact(source)
  return plan.columns.flatMap(({ from, targets }) => {
    const id = idOf(values[from])
    return id === null ? [] : targets.map((target) => target.idOf(id))
  })
}

function pointAt(
  column: PlannedColumn,
  value: unknown,
  { rowIdOf, awaits }: { rowIdOf: RowIdOf; awaits: string[] },
): { entity: string; id: string } | null {
  const id = idOf(value)
  if (id === null) return null
  const candidates = column.targets.map(({ entity, idOf: make }) => ({ entity, recordId: make(id) }))
  for (const { entity, recordId } of candidates) {
    const rowId = rowIdOf(recordId)
    if (rowId !== undefined) return { entity, id: rowId }
  }
  awaits.push(...candidates.map(({ recordId }) => recordId))
  return null
}

/** Zendesk's event bodies say "0" for none. */
function idOf(value: unknown): string | null {
  const plain = typeof value === 'object' && value !== null && 'value' in value ? value.value : value
  const digits = digitsOf(plain)
  if (digits !== undefined) return digits
  return typeof plain === 'string' && plain !== '' && plain !== '0' ? plain : null
}

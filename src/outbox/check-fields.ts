import { HubError } from '#core/errors.ts'
import type { SourceField, SourceTable } from '#model/field.ts'
import type { Mapping } from '#model/mapping.ts'
import { checkValue } from './check-value.ts'
import type { WriteOperation } from './write.ts'

export interface GivenFields {
  /** By the model's field names; a name that the mapping does not know is taken as the CRM's. */
  fields?: Record<string, unknown>
  /** By the CRM's field names. */
  sourceFields?: Record<string, unknown>
}

/** What a write is checked against. */
export interface WriteTarget {
  source: SourceTable
  mapping: Mapping
  /** The hub's name of an entity → the CRM's name of its table, for lookups. */
  tableNames: ReadonlyMap<string, string>
}

// With what Postgres and the CRM add it stays far below every limit on the way.
const longestBody = 1_000_000

/** The CRM's field names → canonical values; throws field.unknown, input.invalid or input.too_large naming the field. */
export function checkFields(
  target: WriteTarget,
  operation: WriteOperation,
  given: GivenFields,
): Record<string, unknown> {
  const byName = new Map(target.source.fields.map((field) => [field.name, field]))
  const checked: Record<string, unknown> = {}
  for (const { asked, name, value } of namedFields(target.mapping, given)) {
    const field = byName.get(name)
    if (!field) throw new HubError('field.unknown', `${target.source.name} has no field '${asked}'`, { field: asked })
    if (name in checked) throw invalid(asked, 'is given twice')
    const forbidden = whyForbidden(field, target.source, operation)
    if (forbidden) throw invalid(asked, forbidden)
    const result = checkValue(translated(value, field, target.tableNames), field)
    if ('wrong' in result) throw invalid(asked, result.wrong)
    checked[name] = result.value
  }
  checkWhole(operation, checked)
  return checked
}

const invalid = (field: string, wrong: string) =>
  new HubError('input.invalid', `The field '${field}' ${wrong}`, { field })

function namedFields(mapping: Mapping, given: GivenFields): { asked: string; name: string; value: unknown }[] {
  const byModel = Object.entries(given.fields ?? {}).map(([asked, value]) => {
    const mapped = Object.hasOwn(mapping.fields, asked) ? mapping.fields[asked] : undefined
    return mapped ? { asked, name: mapped.from, value: bare(value) } : { asked, name: asked, value }
  })
  const bySource = Object.entries(given.sourceFields ?? {}).map(([asked, value]) => ({ asked, name: asked, value }))
  return [...byModel, ...bySource].filter(({ value }) => value !== undefined)
}

/** What the hub shows of a mapped field may be handed back: money with its currency, a choice with its labels. */
function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('amount' in value) return value.amount
  if ('labels' in value && 'value' in value) return value.value
  if ('entities' in value && 'id' in value) return { entity: oneOf(value.entities), id: value.id }
  return value
}

const oneOf = (list: unknown) => (Array.isArray(list) && list.length === 1 ? list[0] : undefined)

/** Entities that the values name as targets of lookups. */
export function namedEntities({ fields, sourceFields }: GivenFields): string[] {
  return [...Object.values(fields ?? {}), ...Object.values(sourceFields ?? {})]
    .flatMap(bare)
    .map((value) => (typeof value === 'object' && value !== null ? (value as { entity?: unknown }).entity : undefined))
    .filter((entity) => typeof entity === 'string')
}

function whyForbidden(field: SourceField, table: SourceTable, operation: WriteOperation): string | null {
  if (field.name === table.idField) return 'is the record’s id; give it as the source id'
  if (operation !== 'update' && !field.creatable) return 'cannot be set when a record is created'
  if (operation !== 'create' && !field.updatable) return 'cannot be changed'
  return null
}

/** The entity of a lookup or a party may be named as the hub names it. */
function translated(value: unknown, field: SourceField, tableNames: ReadonlyMap<string, string>): unknown {
  if (field.type === 'parties' && Array.isArray(value)) {
    return value.map((one) => ({ ...one, ...Object(translated(one, { ...field, type: 'lookup' }, tableNames)) }))
  }
  if (field.type !== 'lookup' || typeof value !== 'object' || value === null) return value
  const { entity, id } = value as { entity?: unknown; id?: unknown }
  if (typeof entity !== 'string' || field.targets?.includes(entity)) return { entity, id }
  return { entity: tableNames.get(entity) ?? entity, id }
}

function checkWhole(operation: WriteOperation, fields: Record<string, unknown>): void {
  const count = Object.keys(fields).length
  if (operation === 'delete' && count > 0) throw new HubError('input.invalid', 'A delete takes no fields')
  if (operation === 'update' && count === 0) throw new HubError('input.invalid', 'An update needs a field to change')
  if (JSON.stringify(fields).length > longestBody) {
    throw new HubError('input.too_large', `One write holds at most ${longestBody} characters`)
  }
}

import { exactDigits, parseExact } from '#core/exact-json.ts'
import type { SourceField } from '#model/field.ts'
import type { MappedField } from '#model/mapping.ts'
import type { SyncedTable } from './table.ts'

/** A choice with its label by language; a lookup with the entities that it may be. */
type MappedValue = unknown

/** Fields of the model, made of the CRM's own text by the table's mapping. Made on reading, so that a changed mapping shows at once. */
export function mapFields(source: string, table: Pick<SyncedTable, 'mapping' | 'source'>): Record<string, MappedValue> {
  return mapValues(parseExact(source), table)
}

/** The same of the text as it was read; without those that are masked. */
export function mapValues(
  values: Record<string, unknown>,
  table: Pick<SyncedTable, 'mapping' | 'source'>,
  masked?: ReadonlySet<string>,
): Record<string, MappedValue> {
  const fields: Record<string, MappedValue> = {}
  for (const [name, mapped] of Object.entries(table.mapping.fields)) {
    if (!masked?.has(name)) fields[name] = mapValue(values[mapped.from] ?? null, mapped, values, table)
  }
  return fields
}

function mapValue(
  value: unknown,
  mapped: MappedField,
  values: Record<string, unknown>,
  table: Pick<SyncedTable, 'mapping' | 'source'>,
): MappedValue {
  if (value === null) return null
  const field = table.source.fields.find((candidate) => candidate.name === mapped.from)
  switch (mapped.type) {
    case 'money':
      // Money keeps its digits: a text, with the currency that the row names.
      return { amount: digits(value), currency: currencyOf(values, table) }
    case 'decimal':
      return digits(value)
    case 'choice':
      return { value, labels: labelsOf(value, field) }
    case 'lookup':
      return { id: value, entities: entitiesOf(mapped.from, table) }
    case 'datetime':
      // UTC is written as Z to readers, however the CRM does.
      return typeof value === 'string' ? value.replace(/\+00:?00$/, 'Z') : value
    case 'date':
      return String(value).slice(0, 10)
    default:
      return value
  }
}

const digits = (value: unknown) => exactDigits(value) ?? String(value)

/** The currency that the row names, by whichever of the CRM's fields the mapping takes it from. */
const currencyOf = (values: Record<string, unknown>, { mapping }: Pick<SyncedTable, 'mapping'>) =>
  values[mapping.fields.currency?.from ?? '_transactioncurrencyid_value'] ?? null

function labelsOf(value: unknown, field: SourceField | undefined): Record<string, string> {
  const wanted = typeof value === 'boolean' ? Number(value) : value
  return field?.options?.find((option) => option.value === wanted)?.labels ?? {}
}

const entitiesOf = (from: string, table: Pick<SyncedTable, 'mapping'>) =>
  table.mapping.relations.find((relation) => relation.from === from)?.entities ?? []

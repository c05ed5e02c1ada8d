import { exactDigits } from '#core/exact-json.ts'
import type { Queryable } from '#database/pool.ts'
import type { FieldType, Labels, SourceField } from '#model/field.ts'
import type { HubRecord } from '#records/find.ts'
import type { SyncedTable } from '#records/table.ts'
import type { DynamicDataDefinition } from './definitions.ts'
import { loadParts } from './workflow-for.ts'

export interface ShownField {
  field: string
  labels: Labels
  type: 'text' | 'memo' | 'integer' | 'decimal' | 'money' | 'boolean' | 'date' | 'datetime' | 'choice' | 'lookup'
  value: unknown
  /** Of a choice. */
  texts: Labels | null
  currency: string | null
}

/** Which fields of which entities are shown, in order; of one that several mappings name, the first says how. */
export async function dynamicDataFields(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, { field: string; label: string | null }[]>> {
  const parts = await loadParts<DynamicDataDefinition>(db, ids)
  const fields = new Map<string, { field: string; label: string | null }[]>()
  for (const { entity, fields: named } of parts.flatMap(({ definition }) => definition.entities)) {
    const known = fields.get(entity) ?? []
    fields.set(entity, [...known, ...named.filter(({ field }) => !known.some((one) => one.field === field))])
  }
  return fields
}

/** The record's own values of these fields; one that is masked for the reader, or empty, is left out. */
export function shownFields(
  record: HubRecord,
  table: SyncedTable,
  wanted: readonly { field: string; label: string | null }[],
): ShownField[] {
  return wanted.flatMap(({ field: name, label }) => {
    const field = table.source.fields.find((one) => one.name === name)
    const value = record.sourceFields[name]
    if (!field || value === null || value === undefined || value === '') return []
    return shownField(field, value, { record, label })
  })
}

const shownTypes: Partial<Record<FieldType, ShownField['type']>> = {
  bigint: 'integer',
  guid: 'text',
  choices: 'text',
  other: 'text',
}

function shownField(
  field: SourceField,
  value: unknown,
  { record, label }: { record: HubRecord; label: string | null },
): ShownField {
  const type = shownTypes[field.type] ?? (field.type as ShownField['type'])
  const option = field.options?.find((one) => one.value === (typeof value === 'boolean' ? Number(value) : value))
  return {
    field: field.name,
    labels: label === null ? field.labels : { en: label, fr: label, nl: label },
    type: option && type === 'boolean' ? 'choice' : type,
    value: type === 'decimal' || type === 'money' ? (exactDigits(value) ?? value) : value,
    texts: option?.labels ?? null,
    currency: type === 'money' ? currencyOf(record) : null,
  }
}

/** The code where the CRM itself writes one; an id of a currency's record says nothing to a reader. */
function currencyOf({ fields }: HubRecord): string | null {
  const { currency } = fields
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : null
}

import type { FieldType } from '#model/field.ts'
import type { MappedField, MappedType, Mapping } from '#model/mapping.ts'

export interface DefaultTable {
  entity: string
  /** The CRM's table name. */
  table: string
  columns: string[]
  mapping: Mapping
  enabledByDefault: boolean
  /** Columns that only some organisations have: nothing is said where they are missing. */
  optional?: string[]
  /** How often it is read at first, where every five minutes would ask too much of the CRM. */
  scheduleSeconds?: number
}

export type Fields = Record<string, MappedField>

/** Fields of one type: ours → the CRM's. */
export function of(type: MappedType, names: Record<string, string>): Fields {
  return Object.fromEntries(Object.entries(names).map(([name, from]) => [name, { from, type }]))
}

/** What of a default table is worth saying. */
export interface Draft extends Partial<Mapping> {
  table: string
  /** Columns that are copied without being mapped. */
  more?: string[]
  fields: Fields
  name: string[][]
  enabledByDefault?: boolean
}

/** A default table from its draft, and what is the same in all tables of the CRM. */
export function draftTable(
  given: { entity: string; id: string; modifiedAt: string },
  { table, more = [], enabledByDefault = false, ...draft }: Draft,
): DefaultTable {
  const mapping: Mapping = {
    alsoSearched: [],
    phones: [],
    emails: [],
    country: [],
    active: null,
    modifiedAt: given.modifiedAt,
    relations: [],
    ...draft,
  }
  return { entity: given.entity, table, columns: columnsOf(given.id, mapping, more), mapping, enabledByDefault }
}

/** Every column that the mapping draws on, the id first. */
export function columnsOf(id: string, mapping: Mapping, more: readonly string[] = []): string[] {
  return [
    ...new Set([
      id,
      ...Object.values(mapping.fields).map((field) => field.from),
      ...mapping.name.flat(),
      ...mapping.alsoSearched,
      ...mapping.phones,
      ...mapping.emails,
      ...mapping.country,
      ...(mapping.active ? [mapping.active.field] : []),
      ...mapping.relations.map((relation) => relation.from),
      ...more,
      ...(mapping.modifiedAt ? [mapping.modifiedAt] : []),
    ]),
  ]
}

/** What a field of the model is made of a field of this type, where nobody says otherwise. */
export const mappedTypes: Partial<Record<FieldType, MappedType>> = {
  text: 'text',
  memo: 'text',
  integer: 'integer',
  bigint: 'integer',
  decimal: 'decimal',
  money: 'money',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  choice: 'choice',
  lookup: 'lookup',
}

import type { DefaultTable } from '#connectors/default-table.ts'
import type { MappedField, MappedType, Mapping } from '#model/mapping.ts'

/** Our entities by Dynamics' table; any other table is an entity under its own name. */
const entities: Record<string, string> = {
  systemuser: 'user',
  teammembership: 'team_member',
  transactioncurrency: 'currency',
  phonecall: 'phone_call',
}
const tables = Object.fromEntries(Object.entries(entities).map(([table, entity]) => [entity, table]))

export const entityOf = (table: string): string => entities[table] ?? table
export const tableOf = (entity: string): string => tables[entity] ?? entity

export type Fields = Record<string, MappedField>

export function of(type: MappedType, names: Record<string, string>): Fields {
  return Object.fromEntries(Object.entries(names).map(([name, from]) => [name, { from, type }]))
}

export interface Draft extends Partial<Mapping> {
  table: string
  /** The id column, and columns that are copied without being mapped. */
  id: string
  more?: string[]
  fields: Fields
  name: string[][]
  enabledByDefault?: boolean
}

export function defaultTable({ table, id, more = [], enabledByDefault = false, ...draft }: Draft): DefaultTable {
  const mapping: Mapping = {
    alsoSearched: [],
    phones: [],
    emails: [],
    country: [],
    active: null,
    modifiedAt: 'modifiedon',
    relations: [],
    ...draft,
  }
  return { entity: entityOf(table), table, columns: columnsOf(id, mapping, more), mapping, enabledByDefault }
}

/** Every column that the mapping draws on, the id first. */
export function columnsOf(id: string, mapping: Mapping, more: readonly string[]): string[] {
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

// Lookups of several tables carry no type in a tracked walk, so a relation lists whom it may point at.
export const ownerRelation = { role: 'owner', from: '_ownerid_value', entities: ['user', 'team'] }
export const customer = ['account', 'contact']
export const regarding = ['account', 'contact', 'lead', 'opportunity', 'incident']
export const stateIsActive = { field: 'statecode', values: [0] }

export const state: Fields = {
  ...of('choice', { state: 'statecode', status: 'statuscode' }),
  ...of('datetime', { createdAt: 'createdon', modifiedAt: 'modifiedon' }),
  ...of('lookup', { owner: '_ownerid_value' }),
}
export const currency = of('lookup', { currency: '_transactioncurrencyid_value' })
export const address = of('text', {
  street: 'address1_line1',
  street2: 'address1_line2',
  city: 'address1_city',
  province: 'address1_stateorprovince',
  postalCode: 'address1_postalcode',
  country: 'address1_country',
})
export const reach = of('text', { phone: 'telephone1', email: 'emailaddress1', fax: 'fax', website: 'websiteurl' })

import { type DefaultTable, type Draft, draftTable, type Fields, of } from '#connectors/default-table.ts'

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

/** `id`: the id column. */
export function defaultTable({ id, ...draft }: Draft & { id: string }): DefaultTable {
  return draftTable({ entity: entityOf(draft.table), id, modifiedAt: 'modifiedon' }, draft)
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

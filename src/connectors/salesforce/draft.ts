import type { DefaultTable } from '#connectors/default-table.ts'
import type { MappedField, MappedType, Mapping } from '#model/mapping.ts'

/** Our entities by Salesforce's object; any other object is an entity under its own name. */
const entities: Record<string, string> = {
  case: 'incident',
  'task.call': 'phone_call',
  event: 'appointment',
  group: 'team',
}

/** An activity is one object with kinds: each is a table of ours, asked for with its condition. */
export const kinds: Record<string, { object: string; condition: string; label: string }> = {
  Task: { object: 'Task', condition: `TaskSubtype != 'Call'`, label: 'Task' },
  'Task.Call': { object: 'Task', condition: `TaskSubtype = 'Call'`, label: 'Phone call' },
}

export const entityOf = (table: string): string => entities[table.toLowerCase()] ?? table.toLowerCase()

export type Fields = Record<string, MappedField>

export function of(type: MappedType, names: Record<string, string>): Fields {
  return Object.fromEntries(Object.entries(names).map(([name, from]) => [name, { from, type }]))
}

interface Draft extends Partial<Mapping> {
  table: string
  /** Columns that are copied without being mapped. */
  more?: string[]
  fields: Fields
  name: string[][]
  enabledByDefault?: boolean
}

/** Only organisations with several currencies have it. */
const optional = ['CurrencyIsoCode']

export function defaultTable({ table, more = [], enabledByDefault = false, ...draft }: Draft): DefaultTable {
  const mapping: Mapping = {
    alsoSearched: [],
    phones: [],
    emails: [],
    country: [],
    active: null,
    // Moved by every change, also by those of the system; people see LastModifiedDate.
    modifiedAt: 'SystemModstamp',
    relations: [],
    ...draft,
  }
  return { entity: entityOf(table), table, columns: columnsOf(mapping, more), mapping, enabledByDefault, optional }
}

/** Every field that the mapping draws on, the id first. */
export function columnsOf(mapping: Mapping, more: readonly string[] = []): string[] {
  return [
    ...new Set([
      'Id',
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

export const ownerRelation = { role: 'owner', from: 'OwnerId', entities: ['user'] }
/** Cases and leads may be of a queue. */
export const ownerOrQueue = { ...ownerRelation, entities: ['user', 'team'] }
export const stillOpen = { field: 'IsClosed', values: [false] }

export const times: Fields = {
  ...of('datetime', { createdAt: 'CreatedDate', modifiedAt: 'LastModifiedDate' }),
  ...of('lookup', { owner: 'OwnerId' }),
}
export const currency = of('text', { currency: 'CurrencyIsoCode' })

export function address(kind: 'Billing' | 'Mailing' | ''): Fields {
  return of('text', {
    street: `${kind}Street`,
    city: `${kind}City`,
    province: `${kind}State`,
    postalCode: `${kind}PostalCode`,
    country: `${kind}Country`,
  })
}

import { type DefaultTable, type Draft, draftTable, type Fields, of } from '#connectors/default-table.ts'

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

/** Only organisations with several currencies have it. */
const optional = ['CurrencyIsoCode']

// SystemModstamp is moved by every change, also by those of the system; people see LastModifiedDate.
export function defaultTable(draft: Draft): DefaultTable {
  const given = { entity: entityOf(draft.table), id: 'Id', modifiedAt: 'SystemModstamp' }
  return { ...draftTable(given, draft), optional }
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

import { accountBase } from '../organisation/base-accounts.ts'
import { contactBase } from '../organisation/base-contacts.ts'
import { type Base, seedOf } from '../organisation/seed.ts'

/** A record as the API shows it. */
export type Fields = Record<string, unknown>

export type Row = {
  id: string
  /** Milliseconds; later than that of any change before. */
  updated: number
  deleted: boolean
  fields: Fields
  /** Its JSON, made once for each version. */
  json: string | null
}

export type Entity = 'account' | 'contact'
export const entities: readonly Entity[] = ['account', 'contact']

export type Table = {
  entity: Entity
  rows: Map<string, Row>
  /** Live ids in order; null when they have to be sorted again. */
  order: string[] | null
}

export type Change = { table: Table; row: Row; operation: 'create' | 'update' | 'delete' }

export type Store = {
  tables: Record<Entity, Table>
  /** The latest time given to a change. */
  clock: number
  made: number
  listeners: ((change: Change) => void)[]
}

export function makeStore(seed: number, records: number): Store {
  const data = seedOf(seed, records)
  const accounts = accountBase(data, 1)
  const contacts = contactBase(data, 1 + accounts.count)
  return {
    tables: {
      account: tableOf('account', accounts, accountFields),
      contact: tableOf('contact', contacts, contactFields),
    },
    clock: Math.max(accounts.lastModified, contacts.lastModified),
    made: 0,
    listeners: [],
  }
}

function tableOf(entity: Entity, base: Base, fieldsOf: (base: Base, index: number) => Fields): Table {
  const rows = new Map<string, Row>()
  for (let i = 0; i < base.count; i++) {
    const id = entity === 'account' ? String(100_000 + i) : `c${String(i).padStart(8, '0')}`
    rows.set(id, { id, updated: base.modifiedOf(i), deleted: false, fields: fieldsOf(base, i), json: null })
  }
  return { entity, rows, order: null }
}

const value = (base: Base, name: string, index: number) => base.values[name]?.(index) ?? null

function accountFields(base: Base, i: number): Fields {
  return {
    name: value(base, 'name', i),
    phone: value(base, 'telephone1', i),
    email: value(base, 'emailaddress1', i),
    website: value(base, 'websiteurl', i),
    employees: value(base, 'numberofemployees', i),
    address: addressOf(base, i),
  }
}

function contactFields(base: Base, i: number): Fields {
  const person = base.values._parentcustomerid_value?.(i)
  const account = typeof person === 'string' && value(base, '_parentcustomerid_value@type', i) === 'account'
  return {
    first_name: value(base, 'firstname', i),
    last_name: value(base, 'lastname', i),
    job_title: value(base, 'jobtitle', i),
    email: value(base, 'emailaddress1', i),
    phones: [
      { kind: 'work', number: value(base, 'telephone1', i) },
      { kind: 'mobile', number: value(base, 'mobilephone', i) },
    ],
    account_id: account ? 100_000 + Math.floor(i / 5) : null,
    // Digits beyond what a double holds, which must not be lost.
    credit: raw(`${i % 90}.50`),
    serial: raw(`9007199254740${String(993 + i).padStart(6, '0')}`),
    active: i % 17 !== 0,
    address: addressOf(base, i),
  }
}

function addressOf(base: Base, i: number): Fields {
  return {
    street: value(base, 'address1_line1', i),
    city: value(base, 'address1_city', i),
    country: value(base, 'address1_country', i),
  }
}

// JSON.rawJSON is in Node 24 and not yet in TypeScript's library.
export const raw = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON

export function jsonOf(table: Table, row: Row): string {
  row.json ??= JSON.stringify({
    id: table.entity === 'account' ? Number(row.id) : row.id,
    ...row.fields,
    updated_at: new Date(row.updated).toISOString(),
  })
  return row.json
}

/** Live ids in order. */
export function idsOf(table: Table): string[] {
  table.order ??= [...table.rows.values()]
    .filter((row) => !row.deleted)
    .map((row) => row.id)
    .sort()
  return table.order
}

/** Creates, changes, deletes or restores; null where there is no such record. */
export function change(
  store: Store,
  entity: Entity,
  given: { operation: string; id?: string | undefined; fields?: Fields; at?: number },
): Row | null {
  const table = store.tables[entity]
  const { operation, fields = {} } = given
  const id = given.id ?? newId(store, entity)
  const before = table.rows.get(id)
  if (operation !== 'create' && !before) return null
  store.clock = given.at ?? Math.max(Date.now(), store.clock + 1)
  const row: Row = {
    id,
    updated: store.clock,
    deleted: operation === 'delete',
    fields: { ...before?.fields, ...fields },
    json: null,
  }
  table.rows.set(id, row)
  if (!before || before.deleted !== row.deleted) table.order = null
  const told = operation === 'delete' ? 'delete' : before && !before.deleted ? 'update' : 'create'
  for (const listener of store.listeners) listener({ table, row, operation: told })
  return row
}

function newId(store: Store, entity: Entity): string {
  store.made++
  return entity === 'account' ? String(5_000_000 + store.made) : `n${String(store.made).padStart(8, '0')}`
}

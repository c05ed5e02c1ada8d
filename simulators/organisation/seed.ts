import { type Country, WEIGHTED } from './countries.ts'
import { guid, guidOf, hash, hashText } from './random.ts'

export type Value = string | number | boolean | null

/** Rows that nobody has changed: computed from their index, never stored. */
export type Base = {
  count: number
  idOf: (index: number) => string
  /** -1 for an id that is none of these rows. */
  indexOf: (id: string) => number
  versionOf: (index: number) => number
  /** The row that has the n-th lowest version. */
  byRank: (rank: number) => number
  firstVersion: number
  /** Milliseconds; it grows with the version. */
  modifiedOf: (index: number) => number
  /** No row of this table was modified later than this. */
  lastModified: number
  values: Readonly<Record<string, (index: number) => Value>>
}

/** What the generators of accounts and contacts share. */
export type Seed = {
  seed: number
  accounts: number
  contacts: number
  accountId: (index: number) => string
  contactId: (index: number) => string
  accountOf: (contact: number) => number
  countryOf: (account: number) => Country
  users: readonly string[]
  teams: readonly string[]
  businessUnit: string
  /** Currency id and its rate to the base currency, by ISO code. */
  currencies: Readonly<Record<string, { id: string; rate: string }>>
}

export const CURRENCIES = [
  ['EUR', 'Euro', '€', '1.0000000000'],
  ['USD', 'US Dollar', '$', '1.0834500000'],
  ['GBP', 'Pound Sterling', '£', '0.8561200000'],
  ['CHF', 'Schweizer Franken', 'CHF', '0.9412700000'],
  ['JPY', '円', '¥', '163.2500000000'],
] as const

const CURRENCY_OF: Record<string, string> = { US: 'USD', CA: 'USD', GB: 'GBP', CH: 'CHF', JP: 'JPY' }
export const currencyOf = (country: Country) => CURRENCY_OF[country.code] ?? 'EUR'

const USERS = 25
const TEAMS = 6

/** How a CRM writes the ids of its seeded rows, in the order of their index; without, as GUIDs. */
export type SeedIds = Pick<Seed, 'accountId' | 'contactId' | 'users' | 'teams'>

/** 1 account to 5 contacts. */
export function seedOf(seed: number, records: number, ids?: SeedIds): Seed {
  const accounts = Math.round(records / 6)
  const contacts = records - accounts
  const accountSeed = hashText(seed, 'account')
  const contactSeed = hashText(seed, 'contact')
  const currencies = Object.fromEntries(
    CURRENCIES.map(([code, , , rate]) => [code, { id: guidOf(seed, `currency ${code}`), rate }]),
  )
  return {
    seed,
    accounts,
    contacts,
    accountId: (i) => guid(prefixOf(i, accounts), accountSeed, i),
    contactId: (i) => guid(prefixOf(i, contacts), contactSeed, i),
    accountOf: (contact) => (accounts === 0 ? -1 : Math.floor(contact / 5) % accounts),
    countryOf: (account) => WEIGHTED[hash(seed, account, 1) % WEIGHTED.length]!,
    users: Array.from({ length: USERS }, (_, i) => guidOf(seed, `user ${i}`)),
    teams: Array.from({ length: TEAMS }, (_, i) => guidOf(seed, `team ${i}`)),
    businessUnit: guidOf(seed, 'businessunit'),
    currencies,
    ...ids,
  }
}

/** Rows are spread over the whole range of ids, so that rows created later fall between them, as in a real table. */
const prefixOf = (index: number, count: number) => Math.floor(((index + 0.5) * 4294967296) / Math.max(count, 1)) >>> 0

const FROM = Date.UTC(2014, 0, 6)
const TO = Date.UTC(2025, 11, 19)

type BaseOptions = {
  count: number
  firstVersion: number
  id: (index: number) => string
  /** Where ids are no GUIDs: the index that an id would have, whether or not it is one of these. */
  guess?: ((id: string) => number) | undefined
}

/** Ids and versions; versions run in another order than ids, as they do where rows were edited. */
export function baseRows(options: BaseOptions): Omit<Base, 'values'> {
  const { count, firstVersion, id } = options
  const guess =
    options.guess ?? ((given: string) => Math.floor((Number.parseInt(given.slice(0, 8), 16) * count) / 4294967296))
  const factor = coprime(count)
  const inverse = modularInverse(factor, count)
  const rankOf = (index: number) => mulmod(index, factor, count)
  return {
    count,
    firstVersion,
    idOf: id,
    indexOf(given) {
      const index = guess(given)
      for (const i of [index, index - 1]) if (i >= 0 && i < count && id(i) === given) return i
      return -1
    },
    versionOf: (index) => firstVersion + rankOf(index),
    byRank: (rank) => mulmod(rank, inverse, count),
    modifiedOf: (index) => modifiedAt(rankOf(index), count),
    lastModified: modifiedAt(count - 1, count),
  }
}

const modifiedAt = (rank: number, count: number) => {
  const ms = FROM + ((TO - FROM) / Math.max(count, 1)) * (rank + 0.5)
  return Math.floor(ms / 1000) * 1000
}

const mulmod = (a: number, b: number, n: number) => (n < 2 ? 0 : (a * b) % n)

function coprime(n: number): number {
  for (let f = Math.floor(n * 0.618) | 1; ; f += 2) if (gcd(f, n) === 1) return Math.max(f, 1)
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

function modularInverse(a: number, n: number): number {
  let [old, r] = [a, n]
  let [oldS, s] = [1, 0]
  while (r !== 0) {
    const q = Math.floor(old / r)
    ;[old, r] = [r, old - q * r]
    ;[oldS, s] = [s, oldS - q * s]
  }
  return n < 2 ? 0 : ((oldS % n) + n) % n
}

/** `2024-02-29T10:11:12Z`: Dataverse answers whole seconds. */
export const isoSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
export const isoDate = (ms: number) => new Date(ms).toISOString().slice(0, 10)

import type { Seed } from '../organisation/seed.ts'
import { inTransaction, record } from '../organisation/transaction.ts'
import { dateTime } from './dates.ts'
import { type Entry, put, type Table } from './table.ts'

/** What can be set while it runs: `POST {control}/settings`. */
export type Settings = {
  /** The service's clock runs ahead (or, negative, behind) by so much. */
  clockSkewMinutes: number
  /** Highest version of the API that is spoken. */
  apiVersion: number
  /** No page of a query is longer, whatever `Sforce-Query-Options` asks. */
  maxPageSize: number
  /** Later pages show the rows as they were when the query began, or as they are when the page is read. */
  cursor: 'snapshot' | 'live'
  /** Open cursors of one user before the oldest is void. */
  maxCursors: number
  /** How long a query locator lives. */
  cursorMinutes: number
  /** A token not used for so long is void; null: never. */
  sessionMinutes: number | null
  /** Upsert of an existing row answers 200 with a body, or 204 without. */
  upsertUpdated: 200 | 204
  /** Deleting moves SystemModstamp. */
  deleteMovesStamp: boolean
  /** How long a bulk job stays in each state. */
  bulkStateMs: number
  /** Records of one file of a query's results unless `maxRecords` says otherwise. */
  bulkPageSize: number
  /** How the files write UTC. */
  bulkDates: 'Z' | '+0000'
  /** How long a deployment stays in each state. */
  deployStateMs: number
  /** Change Data Capture: the objects whose changes are told; null where it is not licensed. */
  captured: string[] | null
  /** Changes of one transaction beyond this are told as one GAP_OVERFLOW an object. */
  overflowAt: number
  /** A refused token on the streaming door: told in the message, or as HTTP 401. */
  streamingUnauthorised: 'message' | 'http'
  /** Longest wait of a /meta/connect. */
  connectTimeoutMs: number
  /** Objects and fields hidden from the integration user: `{"Contact":true,"Account":["Phone"]}`. */
  hidden: Record<string, true | string[]>
  /** Objects that a user may read only, by user id: `{"005…":["Contact"]}`. */
  readOnly: Record<string, string[]>
  /** May deploy metadata ("Modify Metadata Through Metadata API Functions"). */
  mayDeploy: boolean
  mayExecuteApex: boolean
  /** How long a callout or outbound message waits for its answer. */
  calloutTimeoutMs: number
}

export const DEFAULTS: Settings = {
  clockSkewMinutes: 0,
  apiVersion: 67,
  maxPageSize: 2000,
  cursor: 'snapshot',
  maxCursors: 10,
  cursorMinutes: 2880,
  sessionMinutes: 120,
  upsertUpdated: 200,
  deleteMovesStamp: true,
  bulkStateMs: 20,
  bulkPageSize: 50_000,
  bulkDates: 'Z',
  deployStateMs: 20,
  captured: ['Account', 'Contact', 'Lead', 'Opportunity', 'Case', 'Task', 'Event', 'User'],
  overflowAt: 100_000,
  streamingUnauthorised: 'message',
  connectTimeoutMs: 110_000,
  hidden: {},
  readOnly: {},
  mayDeploy: true,
  mayExecuteApex: true,
  calloutTimeoutMs: 20_000,
}

export type Operation = 'create' | 'update' | 'delete' | 'undelete'

export type Change = {
  table: Table
  operation: Operation
  before: Entry | null
  after: Entry
  /** Names of the changed fields. */
  changed: string[]
  userId: string
  /** `client=` of `Sforce-Call-Options`, or what made the change. */
  origin: string
}

/** Done by the service in its database, past triggers; Change Data Capture tells it as a gap ("Gap Events"). */
export const isArchiving = ({ operation, changed }: Change) => operation === 'update' && changed.includes('IsArchived')

export type Organisation = {
  seed: number
  id: string
  instance: string
  seedData: Seed
  tables: Map<string, Table>
  /** By key prefix. */
  prefixes: Map<string, Table>
  /** The user that the client runs as. */
  integrationUser: string
  settings: Settings
  counter: number
  listeners: ((changes: Change[]) => void)[]
  schemaListeners: ((table: Table) => void)[]
  transaction: { changes: Change[]; undo: (() => void)[]; at: number } | null
}

export const now = (org: Organisation) => Date.now() + org.settings.clockSkewMinutes * 60_000

/** Times are kept in whole seconds, as the service's own are. */
export const stampNow = (org: Organisation) => Math.floor((org.transaction?.at ?? now(org)) / 1000) * 1000

export function tableOf(org: Organisation, name: string): Table | undefined {
  return org.tables.get(name.toLowerCase())
}

/** Stores one change; outside a transaction it is announced at once. `keep` leaves the times as they were given. */
export function commit(org: Organisation, change: Change, keep = false): Entry {
  const { after, table, userId } = change
  after.version = ++org.counter
  if (!keep) {
    const at = stampNow(org)
    if (change.operation !== 'delete' || org.settings.deleteMovesStamp) after.stamp = at
    after.fields.LastModifiedDate = dateTime(after.stamp)
    after.fields.LastModifiedById = userId
  }
  record(org, change, put(table, after))
  return after
}

/** All of it or nothing, in one moment. */
export const atomically = <T>(org: Organisation, work: () => T): T => inTransaction(org, now(org), work)

/** Fields came or went. */
export function schemaChanged(org: Organisation, table: Table): void {
  table.fields = new Map(table.definition.fields.map((f) => [f.name.toLowerCase(), f]))
  table.generation++
  table.indexes.clear()
  for (const listener of org.schemaListeners) listener(table)
}

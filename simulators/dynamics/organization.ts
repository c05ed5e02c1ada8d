import type { Seed } from '../organisation/seed.ts'
import { inTransaction, record } from '../organisation/transaction.ts'
import { valueColumns } from './schema.ts'
import { type Entry, put, type Table } from './table.ts'

/** What can be set while it runs: `POST {control}/settings`. */
export type Settings = {
  /** The service's clock runs ahead (or, negative, behind) by so much. */
  clockSkewMinutes: number
  /** Delta tokens of a first read are stamped when it starts, not when its last page is served. */
  tokenAtStart: boolean
  /** Delta tokens older than this are void (organization.ExpireChangeTrackingInDays). */
  expireChangeTrackingDays: number
  /** Refuses `Microsoft.Dynamics.CRM.In`. */
  refuseIn: boolean
  /** RetrieveTotalRecordCount answers a snapshot that may be a day old. */
  staleTotals: boolean
  /** How long a new alternate key is not Active. */
  keyIndexMs: number
  /** The caller's language: 1033, 1036 or 1043. */
  language: number
  /** Privileges the application user lacks, by table: `{"contact":["Read"]}`. */
  denied: Record<string, string[]>
  /** Those that other users lack, by their ids: `{"<id>":{"contact":["Write"]}}`. */
  deniedTo: Record<string, Record<string, string[]>>
  /** False: the token is good, but nobody in the organisation answers to it. */
  member: boolean
  /** No page is longer, whatever `odata.maxpagesize` asks. */
  maxPageSize: number
  webhookTimeoutMs: number
  webhookDelayMs: number
}

export type Change = {
  table: Table
  operation: 'create' | 'update' | 'delete' | 'restore'
  before: Entry | null
  after: Entry
  /** Wire names of the changed columns. */
  changed: string[]
  userId: string
}

export type Organization = {
  seed: number
  id: string
  /** The unique name, as webhooks carry it. */
  name: string
  seedData: Seed
  /** The database's row version: one for all tables. */
  counter: number
  tables: Map<string, Table>
  sets: Map<string, Table>
  appUser: string
  settings: Settings
  startedAt: number
  listeners: ((changes: Change[]) => void)[]
  schemaListeners: ((table: Table) => void)[]
  transaction: { changes: Change[]; undo: (() => void)[]; at: number } | null
  metadataVersion: number
}

export const now = (org: Organization) => Date.now() + org.settings.clockSkewMinutes * 60_000

/** Whether a user's roles lack a privilege. */
export function lacks(
  { appUser, settings }: Organization,
  userId: string,
  privilege: string,
  logical: string,
): boolean {
  const denied = userId === appUser ? settings.denied : settings.deniedTo[userId]
  return denied?.[logical]?.includes(privilege) ?? false
}

/** Stores one change under the next row version; outside a transaction it is announced at once. */
export function commit(org: Organization, change: Omit<Change, 'before'> & { before: Entry | null }): Entry {
  change.after.version = ++org.counter
  change.after.at = now(org)
  record(org, change, put(change.table, change.after))
  return change.after
}

/** All of it or nothing. */
export const atomically = <T>(org: Organization, work: () => T): T => inTransaction(org, now(org), work)

/** Columns, keys or options changed: stored delta tokens of the table are void. */
export function schemaChanged(org: Organization, table: Table): void {
  table.schemaVersion = ++org.counter
  table.columns = valueColumns(table.definition.columns)
  table.generation++
  org.metadataVersion++
  for (const listener of org.schemaListeners) listener(table)
}

import { z } from 'zod'
import { AttentionCounts } from './attention.ts'
import { ConnectionState } from './connections.ts'
import { Run } from './runs.ts'
import { EntityName, Id, Problem, Time } from './shapes.ts'
import { Completeness, Table, TableCounts } from './tables.ts'

export const TableStatus = z.object({
  entity: EntityName,
  enabled: z.boolean(),
  counts: TableCounts,
  completeness: Completeness.nullable(),
  firstPassAt: Time.nullable(),
  lastPassAt: Time.nullable(),
  nextPassAt: Time.nullable(),
  problem: Problem.nullable(),
  gone: Table.shape.gone,
  /** The run that waits, runs or is paused; null: none. */
  run: Run.nullable(),
})
export type TableStatus = z.infer<typeof TableStatus>

export const ConnectionStatus = z.object({
  id: Id,
  name: z.string(),
  crm: z.string(),
  url: z.string(),
  state: ConnectionState,
  problem: Problem.nullable(),
  /** Pushed changes kept but not read back yet. */
  hintsOpen: z.number().int(),
  /** Writes on their way. */
  writesOpen: z.number().int(),
  /** Changes fed in the last minute. */
  changesPerMinute: z.number().int(),
  /** Changes fed in each of the last 30 minutes, the oldest first; counted at most every ten seconds. */
  changesLately: z.array(z.number().int()),
  tables: z.array(TableStatus),
})
export type ConnectionStatus = z.infer<typeof ConnectionStatus>

/** What came to a door today and how it went. */
export const DoorCount = z.object({
  door: z.string(),
  outcome: z.string(),
  connectionId: Id.nullable(),
  count: z.number().int(),
})
export type DoorCount = z.infer<typeof DoorCount>

/** Whose transaction the change feed waits for. What the database does not show of a session is null. */
const TransactionHolder = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('session'),
    pid: z.number().int(),
    application: z.string().nullable(),
    user: z.string().nullable(),
  }),
  z.object({ kind: z.literal('prepared'), gid: z.string() }),
])
export type TransactionHolder = z.infer<typeof TransactionHolder>

/** GET /api/v1/status: the overview */
export const Status = z.object({
  asOf: Time,
  version: z.string(),
  startedAt: Time,
  /** What this process does: web, work or all. */
  role: z.enum(['web', 'work', 'all']),
  connections: z.array(ConnectionStatus),
  attention: AttentionCounts,
  doors: z.array(DoorCount),
  /** Since when changes wait to be fed, and for whose transaction; null while none has waited a minute. */
  feedHeldBack: z.object({ since: Time, by: TransactionHolder.nullable() }).nullable(),
})
export type Status = z.infer<typeof Status>

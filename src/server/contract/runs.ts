import { z } from 'zod'
import { Cursor, EntityName, Id, Limit, Problem, Time } from './shapes.ts'

export const RunKind = z.enum(['initial', 'incremental', 'full', 'audit'])
export type RunKind = z.infer<typeof RunKind>
export const RunState = z.enum(['waiting', 'running', 'paused', 'cancelled', 'done', 'failed'])
export type RunState = z.infer<typeof RunState>

/** One pass over one table. */
export const Run = z.object({
  id: Id,
  connectionId: Id,
  entity: EntityName,
  kind: RunKind,
  state: RunState,
  /** Why it runs: `schedule`, `person`, `first copy`, `after initial` … */
  cause: z.string(),
  requestedBy: z.string().nullable(),
  /** About how many rows; null while unknown. */
  expected: z.number().int().nullable(),
  pages: z.number().int(),
  /** Rows read. */
  records: z.number().int(),
  /** Of them, rows that differed and were written. */
  written: z.number().int(),
  parked: z.number().int(),
  outOfScope: z.number().int(),
  bytes: z.number().int(),
  /** Rows per second, lately while it runs, over all when it ended. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  attempts: z.number().int(),
  createdAt: Time,
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
  /** A repeat waits until then. */
  notBefore: Time.nullable(),
  problem: Problem.nullable(),
  /** For an audit see AuditResult. */
  result: z.record(z.string(), z.unknown()).nullable(),
})
export type Run = z.infer<typeof Run>

/** GET /api/v1/runs, newest first */
export const RunQuery = z.object({
  connection: Id.optional(),
  entity: EntityName.optional(),
  state: RunState.optional(),
  cursor: Cursor.optional(),
  limit: Limit.default(50),
})
export type RunQuery = z.infer<typeof RunQuery>

export const RunList = z.object({ runs: z.array(Run), next: Cursor.nullable() })
export type RunList = z.infer<typeof RunList>

/** POST /api/v1/runs; without an entity, for every enabled table of the connection. */
export const RunInput = z.object({
  connection: Id,
  entity: EntityName.optional(),
  kind: z.enum(['initial', 'incremental', 'full']).default('incremental'),
})
export type RunInput = z.infer<typeof RunInput>

export const RunsRequested = z.object({ runs: z.array(Run) })
export type RunsRequested = z.infer<typeof RunsRequested>

/** POST /api/v1/runs/:id/pause | resume | cancel | approve. `approve` lets a sweep go on that stopped to ask. */
export const RunAct = z.enum(['pause', 'resume', 'cancel', 'approve'])
export type RunAct = z.infer<typeof RunAct>

import { z } from 'zod'
import { AttentionCounts } from './attention.ts'
import { Change } from './changes.ts'
import { Connection } from './connections.ts'
import { Quota } from './quota.ts'
import { Run } from './runs.ts'

/**
 * GET /api/v1/live, Server-Sent Events. `change` carries the feed's cursor as its event id, so that `Last-Event-ID`
 * resumes without a gap; without it the feed begins now. `run` comes at a run's start, every second while it moves, and
 * at its end; `connection` when one changes; `attention` when a count changes and once at the start. `reset`: the
 * given cursor is no longer kept, load what you show again. A comment line comes every 15 s.
 */
export const LiveEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('change'), data: Change }),
  z.object({ event: z.literal('run'), data: Run }),
  z.object({ event: z.literal('connection'), data: Connection }),
  z.object({ event: z.literal('quota'), data: Quota }),
  z.object({ event: z.literal('attention'), data: AttentionCounts }),
  z.object({ event: z.literal('reset'), data: z.object({ reason: z.string() }) }),
])
export type LiveEvent = z.infer<typeof LiveEvent>

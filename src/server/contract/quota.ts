import { z } from 'zod'
import { Id, Time } from './shapes.ts'

const Lane = z.enum(['ring', 'person', 'incremental', 'initial'])

/**
 * GET /api/v1/connections/:id/quota. Connections of one authentication share it. Where the CRM counts over a sliding
 * window, `limit` is what the hub lets go at once of it, and `windowSeconds` within which that comes back; where the CRM
 * itself tells what is left, both are the CRM's.
 */
export const Quota = z.object({
  connectionId: Id,
  limit: z.number().int(),
  used: z.number().int(),
  left: z.number().int(),
  /** Of the limit, what no sync may take: kept for ringing phones, people and writes. */
  reserved: z.number().int(),
  windowSeconds: z.number().int(),
  /** When all of it is back, were no call made until then. */
  resetsAt: Time.nullable(),
  /** The CRM asked everybody to wait until then. */
  blockedUntil: Time.nullable(),
  /** Calls that wait, most urgent first: for a ringing phone, for a person or a write, for changes, for a first copy. */
  waiting: z.array(z.object({ lane: Lane, count: z.number().int(), until: Time })),
})
export type Quota = z.infer<typeof Quota>

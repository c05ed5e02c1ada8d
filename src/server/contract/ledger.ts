import { z } from 'zod'
import { EntityName, Id, Time } from './shapes.ts'

/** GET /api/v1/ledger: what was asked of the hub = what stands in the CRM + what is known to be still on its way. */
export const LedgerQuery = z.object({ connection: Id.optional(), from: Time.optional(), to: Time.optional() })
export type LedgerQuery = z.infer<typeof LedgerQuery>

const counts = {
  requested: z.number().int(),
  /** Written and read back. */
  done: z.number().int(),
  /** Kept, sending or sent. */
  open: z.number().int(),
  failed: z.number().int(),
  unknown: z.number().int(),
  cancelled: z.number().int(),
}
const WriteOperation = z.enum(['create', 'update', 'upsert', 'delete'])

export const LedgerLine = z.object({
  connectionId: Id,
  entity: EntityName,
  operation: WriteOperation,
  ...counts,
})
export type LedgerLine = z.infer<typeof LedgerLine>

/** A write that keeps the books from balancing, or stands in the CRM otherwise than it was asked. */
const LedgerDifference = z.object({
  id: Id,
  connectionId: Id,
  entity: EntityName,
  recordId: Id,
  operation: WriteOperation,
  state: z.string(),
  why: z.enum(['unknown', 'failed', 'waiting', 'gone since', 'not read back', 'other values']),
  message: z.string().nullable(),
  createdAt: Time,
})

export const Ledger = z.object({
  asOf: Time,
  /** Nothing open and nothing unknown. */
  balanced: z.boolean(),
  /** Some of the writes accepted until then were removed after they had ended: a period that begins earlier does not count them. */
  removedUntil: Time.nullable(),
  total: z.object(counts),
  lines: z.array(LedgerLine),
  /** At most a hundred, the gravest first. */
  differences: z.array(LedgerDifference),
})
export type Ledger = z.infer<typeof Ledger>

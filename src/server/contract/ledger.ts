import { z } from 'zod'
import { EntityName, Id, Time } from './shapes.ts'

/** GET /api/v1/ledger: what was asked of the hub = what stands in the CRM + what is known to be still on its way. */
export const LedgerQuery = z.object({ connection: Id.optional(), from: Time.optional(), to: Time.optional() })
export type LedgerQuery = z.infer<typeof LedgerQuery>

export const LedgerLine = z.object({
  connectionId: Id,
  entity: EntityName,
  operation: z.enum(['create', 'update', 'upsert', 'delete']),
  requested: z.number().int(),
  /** Written and read back. */
  done: z.number().int(),
  /** Kept, sending or sent. */
  open: z.number().int(),
  failed: z.number().int(),
  unknown: z.number().int(),
  cancelled: z.number().int(),
})
export type LedgerLine = z.infer<typeof LedgerLine>

export const Ledger = z.object({
  asOf: Time,
  /** Nothing open and nothing unknown. */
  balanced: z.boolean(),
  lines: z.array(LedgerLine),
})
export type Ledger = z.infer<typeof Ledger>

import { z } from 'zod'
import { EntityName, Id, Time } from './shapes.ts'

/** POST /api/v1/audits; without an entity, every enabled table. Answers 202 RunsRequested; follow the runs. */
export const AuditInput = z.object({
  connection: Id,
  entity: EntityName.optional(),
  /** Heals the differences that it names. */
  repair: z.boolean().default(false),
})
export type AuditInput = z.infer<typeof AuditInput>

export const Difference = z.object({
  /** missing: not in the hub; differing: another version or content; surplus: not in the CRM. */
  kind: z.enum(['missing', 'differing', 'surplus']),
  recordId: Id,
  sourceId: z.string(),
  healed: z.boolean(),
})
export type Difference = z.infer<typeof Difference>

/** `result` of a run of kind audit. */
export const AuditResult = z.object({
  at: Time,
  /** Rows that the CRM enumerated. */
  crm: z.number().int(),
  same: z.number().int(),
  missing: z.number().int(),
  differing: z.number().int(),
  surplus: z.number().int(),
  healed: z.number().int(),
  /** At most 1,000; `cut` says that there are more. */
  differences: z.array(Difference),
  cut: z.boolean(),
})
export type AuditResult = z.infer<typeof AuditResult>

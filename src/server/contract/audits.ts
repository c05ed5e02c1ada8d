import { z } from 'zod'
import { EntityName, Id } from './shapes.ts'
import { Completeness } from './tables.ts'

/** POST /api/v1/audits; without an entity, every enabled table. Answers 202 RunsRequested; follow the runs. */
export const AuditInput = z.object({
  connection: Id,
  entity: EntityName.optional(),
  /** Heals the differences that it names. */
  repair: z.boolean().default(false),
})
export type AuditInput = z.infer<typeof AuditInput>

const Difference = z.object({
  id: Id,
  sourceId: z.string(),
  /**
   * missing: not held. version: held in another version. content: its text is not the one that was stored. extra: held,
   * but not in the CRM. identity: its id is not made of its source id. derived: name, numbers or relations are not what
   * its own text says.
   */
  kind: z.enum(['missing', 'version', 'content', 'extra', 'identity', 'derived']),
})

/** `result` of a run of kind audit. */
export const AuditResult = Completeness.extend({
  /** Entries of the number, e-mail and relation indexes that stood in no record, or were missing. */
  keysMended: z.number().int(),
  /** At most 1,000 of the differences. */
  named: z.array(Difference),
})
export type AuditResult = z.infer<typeof AuditResult>

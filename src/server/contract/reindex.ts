import { z } from 'zod'
import { EntityName, Id } from './shapes.ts'

/**
 * POST /api/v1/reindex: makes names, numbers, search words and relations again from the CRM's own text, without asking
 * the CRM. Without an entity, for every table of the connection. With `Accept: text/event-stream` an event `step`
 * (ReindexStep) comes for each batch, then `result` or `error`.
 */
export const ReindexInput = z.object({ connection: Id, entity: EntityName.optional() })
export type ReindexInput = z.infer<typeof ReindexInput>

export const ReindexStep = z.object({ entity: EntityName, seen: z.number().int() })
export type ReindexStep = z.infer<typeof ReindexStep>

export const Reindexed = z.object({
  tables: z.array(
    z.object({
      entity: EntityName,
      seen: z.number().int(),
      /** Whose derived values were not what the rule makes now; they are. */
      remade: z.number().int(),
      /** Entries of the indexes that stood in no record, or were missing. */
      keysMended: z.number().int(),
    }),
  ),
})
export type Reindexed = z.infer<typeof Reindexed>

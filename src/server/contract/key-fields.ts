import { z } from 'zod'
import { EntityName, Problem } from './shapes.ts'

/**
 * GET and POST /api/v1/connections/:id/key-fields: the field of the hub's own in which creates write their key. POST gives
 * the organisation's consent to it, makes it where it is missing, and looks again at what the hub's user sees.
 */
export const KeyFields = z.object({
  /** This CRM's creates need one; where it takes ids from the hub none is needed. */
  isNeeded: z.boolean(),
  /** The organisation has consented to it. */
  isConsented: z.boolean(),
  /** Those that are copied and could be written. */
  tables: z.array(
    z.object({
      entity: EntityName,
      /**
       * `there`: creates carry their key. `hidden`: made, and the hub's user may not read or edit it. `missing`: not made, or
       * not to be seen: creates go without a key.
       */
      state: z.enum(['there', 'hidden', 'missing']),
      /** Why it could not be made just now. */
      problem: Problem.nullable(),
    }),
  ),
})
export type KeyFields = z.infer<typeof KeyFields>

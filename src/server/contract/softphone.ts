import { z } from 'zod'
import { EventInput } from './interactions.ts'

/** Of whatever stands around the panel tells of calls; its interactions are that agent's own. */
export const softphoneSource = 'jackfield.softphone'

/**
 * POST /api/v1/desktop/softphone-events: what the page around the panel tells of. The agent is whoever is signed in, and
 * the interaction is theirs alone.
 */
export const SoftphoneEventInput = EventInput.omit({ agent: true }).extend({
  interaction: z.string().trim().min(1).max(150),
  at: EventInput.shape.at.optional(),
})
export type SoftphoneEventInput = z.infer<typeof SoftphoneEventInput>

export const SoftphoneEventTaken = z.object({ interaction: z.string(), outcome: z.enum(['kept', 'replayed']) })
export type SoftphoneEventTaken = z.infer<typeof SoftphoneEventTaken>

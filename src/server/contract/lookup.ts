import { z } from 'zod'
import { EntityName, Id, Labels, Time } from './shapes.ts'

/** GET /api/v1/lookup: exactly one of phone (any notation), email, name (its beginning). */
export const LookupQuery = z.object({
  phone: z.string().min(1).max(200).optional(),
  email: z.string().min(1).max(320).optional(),
  name: z.string().min(1).max(200).optional(),
})
export type LookupQuery = z.infer<typeof LookupQuery>

export const Match = z.object({
  id: Id,
  entity: EntityName,
  connectionId: Id,
  name: z.string().nullable(),
  /** 0 to 1; matches come in falling order. */
  score: z.number(),
  /** In words, the strongest reason first. */
  why: z.array(z.string()),
  /** The same for programs; on cards with the field's labels, for people who read the tables' own nowhere else. */
  reasons: z.array(z.object({ code: z.string(), field: z.string().optional(), labels: Labels.optional() })),
  source: z.object({ crm: z.string(), id: z.string(), url: z.string() }),
  /** When the hub last stored or confirmed the record. */
  asOf: Time,
})
export type Match = z.infer<typeof Match>

/** From the hub alone: no CRM is asked. */
export const Lookup = z.object({
  /** The oldest last reading of the tables looked at: the answer is no fresher than that. */
  asOf: Time,
  matches: z.array(Match),
  /** More records match than are shown. */
  more: z.boolean(),
  /** Why there is no match; empty when there is one. */
  whyNone: z.array(z.string()),
  /** The same for programs: `value` is the number, address or name as it was read, `entities` the tables meant. */
  reasonsNone: z.array(
    z.object({
      code: z.enum([
        'not_a_number',
        'number_unknown',
        'email_unknown',
        'name_too_short',
        'name_unknown',
        'nothing_connected',
        'first_copy_unfinished',
      ]),
      value: z.string().optional(),
      entities: z.array(EntityName).optional(),
    }),
  ),
})
export type Lookup = z.infer<typeof Lookup>

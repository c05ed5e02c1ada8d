import { z } from 'zod'

/** Parts that several resources share. Big integers (marks, change ids) travel as strings of digits. */
export const Id = z.guid()
/** ISO 8601 in UTC. */
export const Time = z.iso.datetime({ offset: true })
/** Opaque: handed back as it was given. */
export const Cursor = z.string().max(500)
const markForm = /^\d+(\.\d+)*$/
/** The CRM's version of a record; the parts of a tuple are joined by a dot. */
export const Mark = z
  .string()
  .max(200)
  .regex(markForm)
  // Asked also where the form is wrong already, and BigInt throws on what is no number.
  .refine(
    (text) => !markForm.test(text) || text.split('.').every((part) => BigInt(part) <= largestPart),
    'not a version that a CRM gave',
  )
/** Of a `bigint` in Postgres. */
const largestPart = 2n ** 63n - 1n
/** What a person calls something: one line, with nothing that a terminal would act on. */
export const GivenName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'a name is one line without control characters')
export const EntityName = z.string().regex(/^[a-z][a-z0-9_]{0,127}$/)
/** Text by language code. */
export const Labels = z.record(z.string(), z.string())

export const Limit = z.coerce.number().int().min(1).max(1000)

/** Why something needs a person: what happened, to what, and the one next step. */
export const Problem = z.object({
  code: z.string(),
  message: z.string(),
  mend: z.string().nullable(),
  since: Time.nullable(),
  page: z.number().int().optional().describe('The page at which a run broke off.'),
  vendor: z
    .object({ status: z.number().int().nullable(), code: z.string().nullable(), text: z.string().nullable() })
    .nullable()
    .optional(),
})
export type Problem = z.infer<typeof Problem>

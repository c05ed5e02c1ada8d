import { z } from 'zod'
import { tokenText } from '#connectors/sign-in.ts'

/** What an OAuth server answers (RFC 6749 §5). */
export const tokenReply = z.looseObject({
  access_token: tokenText,
  refresh_token: tokenText.nullish(),
  /** May be left out; then an hour is assumed, and a token that is refused earlier is renewed. */
  expires_in: z.coerce.number().positive().optional(),
})

export const tokenError = z.looseObject({
  error: z.string().max(200),
  error_description: z.string().max(2000).default(''),
})

const id = z.union([z.string().min(1).max(500), z.number()]).transform(String)
export const operations = ['create', 'update', 'delete'] as const

/** One change, as posted to the address for all. */
const pushed = z.looseObject({
  entity: z.string().min(1).max(128),
  operation: z.enum(operations),
  id,
  /** Unique for each change: who delivers again, repeats it. */
  eventId: z.string().min(1).max(200).optional(),
})

/** The documented body: one change, or several. */
export const pushedBody = z.union([z.looseObject({ events: z.array(pushed).min(1).max(1000) }), pushed])

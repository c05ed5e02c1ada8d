import { z } from 'zod'
import { Scope } from './keys.ts'
import { Time } from './shapes.ts'

/**
 * POST /api/v1/session. The one-time link is `<origin>/sign-in#<token>`: the page takes the token from the fragment
 * (which never reaches a server or its log), posts it, and gets an HttpOnly cookie. 401 `auth.required` when the link was
 * used or is over. Every unsafe request of a page needs the header `x-jackfield: 1` or its own Origin.
 */
export const SignInInput = z.object({ token: z.string().min(1).max(200) })
export type SignInInput = z.infer<typeof SignInInput>

/** GET /api/v1/session; DELETE signs out. */
export const Session = z.object({
  kind: z.enum(['session', 'key']),
  name: z.string(),
  scopes: z.array(Scope),
  expiresAt: Time.nullable(),
})
export type Session = z.infer<typeof Session>

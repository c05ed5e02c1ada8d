import { z } from 'zod'
import { Permission, Sight } from './permissions.ts'
import { Time } from './shapes.ts'

/**
 * POST /api/v1/session. The one-time link is `<origin>/sign-in#<token>`: the page takes the token from the fragment
 * (which never reaches a server or its log), posts it, and gets an HttpOnly cookie. 401 `auth.required` when the link was
 * used or is over. Every unsafe request of a page needs the header `x-jackfield: 1` or its own Origin.
 */
export const SignInInput = z.object({ token: z.string().min(1).max(200) })
export type SignInInput = z.infer<typeof SignInInput>

/** GET /api/v1/session: who asks, and what they may do and see, so that nothing else is offered; DELETE signs out. */
export const Session = z.object({
  kind: z.enum(['person', 'key', 'operator']),
  name: z.string(),
  permissions: z.array(Permission),
  sight: Sight,
  expiresAt: Time.nullable(),
})
export type Session = z.infer<typeof Session>

import { z } from 'zod'
import { PasskeyResponse } from './passkeys.ts'
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
  /** Of the person or key. */
  id: z.string(),
  name: z.string(),
  permissions: z.array(Permission),
  sight: Sight,
  expiresAt: Time.nullable(),
})
export type Session = z.infer<typeof Session>

/** Longer than any that can be set; what is hashed has a limit before it is looked at. */
export const Password = z.string().min(1).max(1_000)

/** POST /api/v1/session/password. 401 `auth.rejected`, 429 `auth.throttled` with `retryAt`. */
export const PasswordSignIn = z.object({ email: z.string().trim().min(1).max(254), password: Password })
export type PasswordSignIn = z.infer<typeof PasswordSignIn>

/** The password was right, and the account asks for a second factor: POST /api/v1/session/second-step, within 5 minutes. */
const SecondStep = z.object({
  ticket: z.string(),
  methods: z.array(z.enum(['totp', 'recovery_code', 'passkey'])),
})
export const SignInAnswer = z.union([z.object({ session: Session }), z.object({ secondStep: SecondStep })])
export type SignInAnswer = z.infer<typeof SignInAnswer>

const Ticket = z.string().min(1).max(200)

/** Six digits of the app, or a recovery code; or a passkey for the options of /session/second-step/options. */
export const SecondStepInput = z.union([
  z.object({ ticket: Ticket, code: z.string().min(1).max(100) }),
  z.object({ ticket: Ticket, passkey: PasskeyResponse }),
])
export type SecondStepInput = z.infer<typeof SecondStepInput>

/** POST /api/v1/session/second-step/options */
export const TicketInput = z.object({ ticket: Ticket })

/** POST /api/v1/session/passkey, for the options of POST /session/passkey/options. */
export const PasskeySignIn = z.object({ passkey: PasskeyResponse })
export type PasskeySignIn = z.infer<typeof PasskeySignIn>

/** POST /api/v1/session/proof: that it is still this person. A passkey answers the options of /session/proof/options. */
export const ProofInput = z.union([z.object({ password: Password }), z.object({ passkey: PasskeyResponse })])
export type ProofInput = z.infer<typeof ProofInput>

import { z } from 'zod'
import { Email, Roles } from './people.ts'
import { Password } from './session.ts'
import { GivenName, Id, Time } from './shapes.ts'

export const Invitation = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  invitedBy: z.string(),
  createdAt: Time,
  expiresAt: Time,
})
export type Invitation = z.infer<typeof Invitation>

/** GET /api/v1/invitations: those that can still be accepted. */
export const InvitationList = z.object({ invitations: z.array(Invitation) })
export type InvitationList = z.infer<typeof InvitationList>

/** POST /api/v1/invitations. Needs a fresh proof. */
export const InvitationInput = z.object({ email: Email, name: GivenName, roles: Roles })
export type InvitationInput = z.infer<typeof InvitationInput>

/** Its link is `<origin>/invitation#<token>`, for 7 days; the hub sends no mail, whoever invites hands it over. */
export const NewInvitation = Invitation.extend({ token: z.string() })
export type NewInvitation = z.infer<typeof NewInvitation>

const Token = z.string().min(1).max(200)

/** POST /api/v1/invitations/show: what an invited person sees first. 410 `invitation.over`. */
export const InvitationToken = z.object({ token: Token })

/** POST /api/v1/invitations/accept: makes the account, and signs in. */
export const Acceptance = z.object({ token: Token, name: GivenName, password: Password })
export type Acceptance = z.infer<typeof Acceptance>

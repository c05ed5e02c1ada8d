import { z } from 'zod'
import { Email, Roles } from './people.ts'
import { RoleNames } from './permissions.ts'
import { Password } from './session.ts'
import { GivenName, Id, Time } from './shapes.ts'
import { ProviderId } from './sign-on.ts'

export const Invitation = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  provider: z.string().nullable().describe('Where they sign in, which accepts it; null: by its link.'),
  invitedBy: z.string(),
  createdAt: Time,
  expiresAt: Time,
})
export type Invitation = z.infer<typeof Invitation>

/** GET /api/v1/invitations: those that can still be accepted. */
export const InvitationList = z.object({ invitations: z.array(Invitation) })
export type InvitationList = z.infer<typeof InvitationList>

/** POST /api/v1/invitations. Needs a fresh proof. With a provider, who signs in there with this address accepts it. */
export const InvitationInput = z.object({
  email: Email,
  name: GivenName,
  roles: Roles,
  provider: ProviderId.optional(),
})
export type InvitationInput = z.infer<typeof InvitationInput>

/** Its link is `<origin>/invitation#<token>`, for 7 days; the hub sends no mail, whoever invites hands it over. Null with a provider. */
export const NewInvitation = Invitation.extend({ token: z.string().nullable() })
export type NewInvitation = z.infer<typeof NewInvitation>

const Token = z.string().min(1).max(200)

/** POST /api/v1/invitations/show: what an invited person sees first. 410 `invitation.over`. */
export const InvitationToken = z.object({ token: Token })

export const ShownInvitation = Invitation.extend({ roleNames: RoleNames })
export type ShownInvitation = z.infer<typeof ShownInvitation>

/** POST /api/v1/invitations/accept: makes the account, and signs in. */
export const Acceptance = z.object({ token: Token, name: GivenName, password: Password })
export type Acceptance = z.infer<typeof Acceptance>

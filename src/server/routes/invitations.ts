import { z } from 'zod'
import {
  acceptInvitation,
  invite,
  listInvitations,
  readInvitation,
  revokeInvitation,
  type Invitation as StoredInvitation,
} from '#people/invitation.ts'
import { requireProof } from '#people/proof.ts'
import { namesOfRoles } from '#people/role-store.ts'
import { allow } from '../access.ts'
import { notePerson } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import {
  Acceptance,
  type Invitation,
  InvitationInput,
  InvitationList,
  InvitationToken,
  NewInvitation,
  ShownInvitation,
} from '../contract/invitations.ts'
import { Session } from '../contract/session.ts'
import type { Hub } from '../hub.ts'
import { browserOf } from '../plugins/session-cookie.ts'
import { refuseForged } from '../plugins/sign-in.ts'
import { time } from '../shown.ts'
import { begin, peopleFor } from './session.ts'

export function invitationRoutes(app: Api, hub: Hub): void {
  const manages = allow('manage:people')

  app.get('/invitations', { ...manages, schema: { response: { 200: InvitationList, ...failures } } }, async () => {
    return { invitations: (await listInvitations(hub.pool)).map(shown) }
  })

  app.post(
    '/invitations',
    {
      ...allow('manage:people', 'invitation.create'),
      schema: { body: InvitationInput, response: { 201: NewInvitation, ...failures } },
    },
    async (request, reply) => {
      const actor = request.principal!
      await requireProof(hub.pool, actor)
      const { invitation, token, personId } = await invite(hub.pool, actor, given(request.body))
      const { email, name } = request.body
      notePerson(request, { id: personId, email, name }, { invitation: invitation.id, roles: invitation.roles })
      hub.log.info('person invited', { invitation: invitation.id, roles: invitation.roles, by: actor.id })
      return reply.code(201).send({ ...shown(invitation), token })
    },
  )

  app.delete(
    '/invitations/:id',
    {
      ...allow('manage:people', 'invitation.revoke'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      await revokeInvitation(hub.pool, request.params.id)
      hub.log.info('invitation withdrawn', { invitation: request.params.id, by: request.principal!.id })
      return reply.code(204).send(null)
    },
  )

  acceptRoutes(app, hub)
}

/** For who has no account yet: the token is all that they have, and travels in the body, which no log shows. */
function acceptRoutes(app: Api, hub: Hub): void {
  app.post(
    '/invitations/show',
    // Nothing is changed by looking at it.
    { ...allow('open', 'no act'), schema: { body: InvitationToken, response: { 200: ShownInvitation, ...failures } } },
    async (request) => {
      refuseForged(request, hub.publicUrl)
      const invitation = await readInvitation(hub.pool, request.body.token)
      return { ...shown(invitation), roleNames: await namesOfRoles(hub.pool, invitation.roles) }
    },
  )

  app.post(
    '/invitations/accept',
    { ...allow('open', 'invitation.accept'), schema: { body: Acceptance, response: { 200: Session, ...failures } } },
    async (request, reply) => {
      refuseForged(request, hub.publicUrl)
      const signedIn = await acceptInvitation(peopleFor(hub, request), request.body, browserOf(request, hub.publicUrl))
      return begin(hub, request, reply, signedIn)
    },
  )
}

function shown(stored: StoredInvitation): Invitation {
  return { ...stored, createdAt: time(stored.createdAt), expiresAt: time(stored.expiresAt) }
}

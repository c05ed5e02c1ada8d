import { HubError } from '#core/errors.ts'
import { createFrameTicket, signInFrame } from '#people/frame-ticket.ts'
import { digest } from '#people/token.ts'
import { allow } from '../access.ts'
import { noteArrival } from '../acts.ts'
import { type Api, failures } from '../api.ts'
import { FrameSignIn, FrameTicket } from '../contract/desktop-settings.ts'
import { Session } from '../contract/session.ts'
import type { Hub } from '../hub.ts'
import { needOwnAddress } from '../plugins/own-address.ts'
import { browserOf, setFrameCookie } from '../plugins/session-cookie.ts'
import { refuseForged } from '../plugins/sign-in.ts'
import { asSession, peopleFor } from './session.ts'

/** How a panel in another site's page gets a session: by a ticket out of a window of the hub's own. */
export function frameSessionRoutes(app: Api, hub: Hub): void {
  const { publicUrl } = hub

  app.post(
    '/desktop/frame-tickets',
    { ...allow('use:desktop', 'person.let_in_frame'), schema: { response: { 201: FrameTicket, ...failures } } },
    async (request, reply) => {
      const { kind, sessionId, inFrame } = request.principal!
      const mend = 'Open the hub in a window of its own and sign in there.'
      if (inFrame === true) throw new HubError('auth.denied', 'A panel lets no other panel in', { mend })
      if (kind !== 'person' || sessionId === null) {
        throw new HubError('input.invalid', 'Only a person in a window of the hub’s own lets a panel in', { mend })
      }
      return reply.code(201).send({ ticket: await createFrameTicket(hub.pool, sessionId) })
    },
  )

  app.post(
    '/session/frame',
    { ...allow('open', 'person.sign_in'), schema: { body: FrameSignIn, response: { 200: Session, ...failures } } },
    async (request, reply) => {
      refuseForged(request, publicUrl)
      // Without https no browser keeps the cookie; on this machine it does.
      needOwnAddress(request, publicUrl)
      const browser = browserOf(request, publicUrl)
      const { sessionId, token } = await signInFrame(peopleFor(hub, request), request.body.ticket, browser)
      hub.credentials.forget()
      const principal = (await hub.credentials.session(digest(token)))!
      noteArrival(request, principal, sessionId)
      setFrameCookie(request, reply, publicUrl, token)
      return asSession(principal)
    },
  )
}

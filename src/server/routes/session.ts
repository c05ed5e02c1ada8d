import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { prove, selfOf } from '#people/account.ts'
import type { PeopleContext } from '#people/context.ts'
import { type AuthenticationResponseJSON, askForPasskey } from '#people/passkey.ts'
import type { Principal } from '#people/principal.ts'
import { endSessionOfToken } from '#people/session.ts'
import {
  finishByCode,
  finishByPasskey,
  needsSecondStep,
  type SignedIn,
  signInByLink,
  signInByPasskey,
  signInByPassword,
} from '#people/sign-in.ts'
import { readTicket } from '#people/sign-in-ticket.ts'
import { digest } from '#people/token.ts'
import { allow } from '../access.ts'
import { noteAct, noteArrival, notePerson } from '../acts.ts'
import { type Api, failures } from '../api.ts'
import { PasskeyOptions } from '../contract/passkeys.ts'
import {
  PasskeySignIn,
  PasswordSignIn,
  ProofInput,
  SecondStepInput,
  Session,
  SignInAnswer,
  SignInInput,
  TicketInput,
} from '../contract/session.ts'
import type { Hub } from '../hub.ts'
import { siteOf } from '../plugins/passkey-site.ts'
import { browserOf, clearSessionCookie, setDeviceCookie, setSessionCookie } from '../plugins/session-cookie.ts'
import { refuseForged } from '../plugins/sign-in.ts'
import { timeOrNull } from '../shown.ts'
import { shownSight } from './roles.ts'

export function sessionRoutes(app: Api, hub: Hub): void {
  const { publicUrl } = hub

  app.post(
    '/session',
    { ...allow('open', 'person.sign_in'), schema: { body: SignInInput, response: { 200: Session, ...failures } } },
    async (request, reply) => {
      refuseForged(request, publicUrl)
      const signedIn = await signInByLink(peopleFor(hub, request), request.body.token, browserOf(request, publicUrl))
      return begin(hub, request, reply, signedIn)
    },
  )

  app.get('/session', { ...allow('signed in'), schema: { response: { 200: Session, ...failures } } }, async (request) =>
    asSession(request.principal!),
  )

  app.delete(
    '/session',
    { ...allow('signed in', 'person.sign_out'), schema: { response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      const { sessionToken } = browserOf(request, publicUrl)
      if (sessionToken !== null) await endSessionOfToken(hub.pool, digest(sessionToken))
      hub.credentials.forget()
      clearSessionCookie(request, reply, publicUrl)
      return reply.code(204).send(null)
    },
  )

  passwordRoutes(app, hub)
  passkeyRoutes(app, hub)
  proofRoutes(app, hub)
}

function passwordRoutes(app: Api, hub: Hub): void {
  const { publicUrl } = hub

  app.post(
    '/session/password',
    {
      ...allow('open', 'person.sign_in'),
      schema: { body: PasswordSignIn, response: { 200: SignInAnswer, ...failures } },
    },
    async (request, reply) => {
      refuseForged(request, publicUrl)
      const result = await signInByPassword(peopleFor(hub, request), request.body, browserOf(request, publicUrl))
      if (needsSecondStep(result)) {
        noteAct(request, { details: { secondStep: result.methods } })
        return { secondStep: result }
      }
      return { session: await begin(hub, request, reply, result) }
    },
  )

  app.post(
    '/session/second-step/options',
    // What it is asked for is the act.
    { ...allow('open', 'no act'), schema: { body: TicketInput, response: { 200: PasskeyOptions, ...failures } } },
    async (request) => {
      refuseForged(request, publicUrl)
      const site = siteOf(request, publicUrl)
      const personId = await readTicket(hub.pool, request.body.ticket)
      return { ...(await askForPasskey(hub.pool, { purpose: 'second_step', personId, site })) }
    },
  )

  app.post(
    '/session/second-step',
    { ...allow('open', 'person.sign_in'), schema: { body: SecondStepInput, response: { 200: Session, ...failures } } },
    async (request, reply) => {
      refuseForged(request, publicUrl)
      const { body } = request
      const people = peopleFor(hub, request)
      const browser = browserOf(request, publicUrl)
      const signedIn =
        'code' in body
          ? await finishByCode(people, body, browser)
          : await finishByPasskey(people, { ticket: body.ticket, passkey: asWebAuthn(body.passkey) }, browser)
      return begin(hub, request, reply, signedIn)
    },
  )
}

function passkeyRoutes(app: Api, hub: Hub): void {
  const { publicUrl } = hub

  app.post(
    '/session/passkey/options',
    { ...allow('open', 'no act'), schema: { response: { 200: PasskeyOptions, ...failures } } },
    async (request) => {
      refuseForged(request, publicUrl)
      const site = siteOf(request, publicUrl)
      return { ...(await askForPasskey(hub.pool, { purpose: 'sign_in', personId: null, site })) }
    },
  )

  app.post(
    '/session/passkey',
    { ...allow('open', 'person.sign_in'), schema: { body: PasskeySignIn, response: { 200: Session, ...failures } } },
    async (request, reply) => {
      refuseForged(request, publicUrl)
      const passkey = asWebAuthn(request.body.passkey)
      return begin(
        hub,
        request,
        reply,
        await signInByPasskey(peopleFor(hub, request), passkey, browserOf(request, publicUrl)),
      )
    },
  )
}

function proofRoutes(app: Api, hub: Hub): void {
  const { publicUrl } = hub

  app.post(
    '/session/proof/options',
    { ...allow('signed in', 'no act'), schema: { response: { 200: PasskeyOptions, ...failures } } },
    async (request) => {
      const { personId } = selfOf(request.principal!)
      const site = siteOf(request, publicUrl)
      return { ...(await askForPasskey(hub.pool, { purpose: 'proof', personId, site })) }
    },
  )

  app.post(
    '/session/proof',
    { ...allow('signed in', 'account.prove'), schema: { body: ProofInput, response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      const { body } = request
      const proof = 'password' in body ? body : { passkey: asWebAuthn(body.passkey) }
      const self = selfOf(request.principal!)
      const token = await prove(hub.people, self, proof, browserOf(request, publicUrl))
      hub.credentials.forget()
      setSessionCookie(request, reply, publicUrl, token)
      return reply.code(204).send(null)
    },
  )
}

/** The schema is that of the browsers' own JSON; only their types say it in other words. */
const asWebAuthn = (passkey: unknown) => passkey as AuthenticationResponseJSON

/** An attempt to sign in tells the audit log whom it means, whether it succeeds or not. */
export const peopleFor = (hub: Hub, request: FastifyRequest): PeopleContext => ({
  ...hub.people,
  noticed: (person) => notePerson(request, person),
})

/** Gives the browser its cookies. Whose session it is, the credential check knows. */
export async function begin(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  signedIn: SignedIn,
): Promise<Session> {
  const { personId, sessionId, token, deviceToken } = signedIn
  hub.credentials.forget()
  const principal = (await hub.credentials.session(digest(token)))!
  noteArrival(request, principal, sessionId)
  hub.log.info('signed in', { person: personId, session: sessionId })
  setSessionCookie(request, reply, hub.publicUrl, token)
  if (deviceToken !== null) setDeviceCookie(request, reply, hub.publicUrl, deviceToken)
  return asSession(principal)
}

export function asSession({ kind, id, name, permissions, sight, expiresAt }: Principal): Session {
  return {
    ...{ kind, id, name },
    permissions: [...permissions],
    sight: shownSight(sight),
    expiresAt: timeOrNull(expiresAt),
  }
}

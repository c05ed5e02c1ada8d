import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addTotp, dropPasskey, dropTotp, renewRecoveryCodes, type Self, selfOf, takePasskey } from '#people/account.ts'
import { beginPasskey, type RegistrationResponseJSON, renamePasskey } from '#people/passkey.ts'
import { findPerson } from '#people/person.ts'
import { requireProof } from '#people/proof.ts'
import { beginTotp } from '#people/totp.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { FactorAdded, NewTotp, PasskeyAdded, TotpCode } from '../contract/account.ts'
import { Passkey, PasskeyInput, PasskeyOptions, PasskeyPatch } from '../contract/passkeys.ts'
import type { Hub } from '../hub.ts'
import { siteOf } from '../plugins/passkey-site.ts'
import { setSessionCookie } from '../plugins/session-cookie.ts'
import { passkey } from '../shown-people.ts'

/** Second factors of one's own: each change needs a fresh proof and brings the session a new token. */
export function factorRoutes(app: Api, hub: Hub): void {
  codeRoutes(app, hub)
  ownPasskeyRoutes(app, hub)
}

/** Which one, as its address names it. */
function noteFactor(request: FastifyRequest): void {
  const [, factor] = /\/me\/(totp|passkey|recovery-code)/.exec(request.routeOptions.url ?? '') ?? []
  noteAct(request, { details: { factor: factor ?? null } })
}

async function provenSelf(hub: Hub, request: FastifyRequest): Promise<Self> {
  noteFactor(request)
  const self = selfOf(request.principal!)
  await requireProof(hub.pool, request.principal!)
  return self
}

/** After a change: who acts goes on with the session's new token. */
function goOn(hub: Hub, request: FastifyRequest, reply: FastifyReply, token: string): void {
  hub.credentials.forget()
  hub.log.info('factors changed', { person: request.principal!.id, route: request.routeOptions.url })
  setSessionCookie(request, reply, hub.publicUrl, token)
}

function codeRoutes(app: Api, hub: Hub): void {
  app.post(
    '/me/totp',
    { ...allow('signed in', 'factor.begin'), schema: { response: { 200: NewTotp, ...failures } } },
    async (request) => {
      const { personId } = await provenSelf(hub, request)
      return beginTotp(hub.people, await findPerson(hub.pool, personId))
    },
  )

  app.post(
    '/me/totp/confirm',
    { ...allow('signed in', 'factor.add'), schema: { body: TotpCode, response: { 200: FactorAdded, ...failures } } },
    async (request, reply) => {
      const self = await provenSelf(hub, request)
      const { token, recoveryCodes } = await addTotp(hub.people, self, request.body.code.replace(/\s/g, ''))
      goOn(hub, request, reply, token)
      return { recoveryCodes }
    },
  )

  app.delete(
    '/me/totp',
    { ...allow('signed in', 'factor.remove'), schema: { response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      goOn(hub, request, reply, await dropTotp(hub.people, await provenSelf(hub, request)))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/me/recovery-codes',
    { ...allow('signed in', 'factor.renew_codes'), schema: { response: { 200: FactorAdded, ...failures } } },
    async (request, reply) => {
      const { token, recoveryCodes } = await renewRecoveryCodes(hub.people, await provenSelf(hub, request))
      goOn(hub, request, reply, token)
      return { recoveryCodes }
    },
  )
}

function ownPasskeyRoutes(app: Api, hub: Hub): void {
  app.post(
    '/me/passkeys/options',
    { ...allow('signed in', 'no act'), schema: { response: { 200: PasskeyOptions, ...failures } } },
    async (request) => {
      const { personId } = await provenSelf(hub, request)
      const site = siteOf(request, hub.publicUrl)
      return { ...(await beginPasskey(hub.pool, await findPerson(hub.pool, personId), site)) }
    },
  )

  app.post(
    '/me/passkeys',
    {
      ...allow('signed in', 'factor.add'),
      schema: { body: PasskeyInput, response: { 201: PasskeyAdded, ...failures } },
    },
    async (request, reply) => {
      const self = await provenSelf(hub, request)
      const { name } = request.body
      const response = request.body.response as RegistrationResponseJSON
      const { token, recoveryCodes, passkey: added } = await takePasskey(hub.people, self, { name, response })
      goOn(hub, request, reply, token)
      return reply.code(201).send({ passkey: passkey(added), recoveryCodes })
    },
  )

  app.patch(
    '/me/passkeys/:id',
    {
      ...allow('signed in', 'factor.change'),
      schema: { params: IdPath, body: PasskeyPatch, response: { 200: Passkey, ...failures } },
    },
    async (request) => {
      noteFactor(request)
      const { personId } = selfOf(request.principal!)
      return passkey(await renamePasskey(hub.pool, personId, request.params.id, request.body.name))
    },
  )

  app.delete(
    '/me/passkeys/:id',
    { ...allow('signed in', 'factor.remove'), schema: { params: IdPath, response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      const self = await provenSelf(hub, request)
      goOn(hub, request, reply, await dropPasskey(hub.people, self, request.params.id))
      return reply.code(204).send(null)
    },
  )
}

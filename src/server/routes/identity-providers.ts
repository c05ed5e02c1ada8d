import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { changeRights, findPerson } from '#people/person.ts'
import { requireProof } from '#people/proof.ts'
import { listIdentities, removeIdentity } from '#people/sign-on-identity.ts'
import { checkIssuer, type IssuerSettings, readIssuer } from '#people/sign-on-issuer.ts'
import {
  changeProvider,
  createProvider,
  findProvider,
  listProviders,
  type Provider,
  removeProvider,
} from '#people/sign-on-provider.ts'
import { allow } from '../access.ts'
import { noteAct, notePerson } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { Id } from '../contract/shapes.ts'
import {
  IdentityList,
  IdentityProvider,
  IdentityProviderChange,
  IdentityProviderInput,
  IdentityProviderList,
  IssuerCheck,
  IssuerInput,
  ProviderPath,
} from '../contract/sign-on.ts'
import type { Hub } from '../hub.ts'
import { ownAddress } from '../plugins/own-address.ts'
import { time } from '../shown.ts'
import { callbackPath, identity, signedOutPath } from './sign-on.ts'
import { backChannelPath } from './sign-on-logout.ts'

const manages = allow('manage:people')

export function identityProviderRoutes(app: Api, hub: Hub): void {
  app.get(
    '/identity-providers',
    { ...manages, schema: { response: { 200: IdentityProviderList, ...failures } } },
    async (request) => ({ providers: (await listProviders(hub.pool)).map((one) => shown(hub, request, one)) }),
  )

  app.get(
    '/identity-providers/:id',
    { ...manages, schema: { params: ProviderPath, response: { 200: IdentityProvider, ...failures } } },
    async (request) => shown(hub, request, await findProvider(hub.pool, request.params.id)),
  )

  changeRoutes(app, hub)
  checkRoutes(app, hub)
  identitiesOfRoutes(app, hub)
}

const store = (hub: Hub) => ({ pool: hub.pool, keyring: hub.people.keyring })

function shown({ publicUrl }: Hub, request: FastifyRequest, provider: Provider): IdentityProvider {
  const at = ownAddress(request, publicUrl)
  return {
    ...provider,
    createdAt: time(provider.createdAt),
    callbackUrl: at === null ? null : at + callbackPath(provider.id),
    signedOutUrl: at === null ? null : at + signedOutPath,
    backChannelUrl: at === null ? null : at + backChannelPath(provider.id),
  }
}

/** What of a provider an act tells: what lets people in, and as what. */
const told = ({ issuer, tenant, enabled, createsAccounts, groups, defaultRoles }: Provider) => ({
  ...{ issuer, tenant, enabled, createsAccounts, defaultRoles },
  groupRoles: [...new Set(groups.map(({ role }) => role))],
})

function changeRoutes(app: Api, hub: Hub): void {
  app.post(
    '/identity-providers',
    {
      ...allow('manage:people', 'provider.create'),
      schema: { body: IdentityProviderInput, response: { 201: IdentityProvider, ...failures } },
    },
    async (request, reply) => {
      const actor = request.principal!
      await requireProof(hub.pool, actor)
      const { clientSecret: secret, ...settings } = request.body
      await readIssuer(hub.clients.door, settings)
      const provider = await createProvider(store(hub), actor, { ...settings, secret })
      noteAct(request, { subject: { kind: 'provider', id: provider.id }, details: told(provider) })
      hub.log.info('provider added', { provider: provider.id, by: actor.id })
      return reply.code(201).send(shown(hub, request, provider))
    },
  )

  app.patch(
    '/identity-providers/:id',
    {
      ...allow('manage:people', 'provider.change'),
      schema: { params: ProviderPath, body: IdentityProviderChange, response: { 200: IdentityProvider, ...failures } },
    },
    async (request) => {
      const actor = request.principal!
      await requireProof(hub.pool, actor)
      const { id } = request.params
      const { clientSecret: secret, ...settings } = given(request.body)
      const before = await findProvider(hub.pool, id)
      const after = { ...before, ...settings }
      if (after.issuer !== before.issuer || after.tenant !== before.tenant) await readIssuer(hub.clients.door, after)
      const change = { id, ...settings, ...(secret === undefined ? {} : { secret }) }
      const provider = await changeProvider(store(hub), actor, change)
      noteAct(request, { details: told(provider) })
      hub.credentials.forget()
      hub.log.info('provider changed', { provider: id, by: actor.id })
      return shown(hub, request, provider)
    },
  )

  app.delete(
    '/identity-providers/:id',
    {
      ...allow('manage:people', 'provider.remove'),
      schema: { params: ProviderPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const actor = request.principal!
      await requireProof(hub.pool, actor)
      noteAct(request, { details: told(await removeProvider(hub.pool, actor, request.params.id)) })
      hub.credentials.forget()
      hub.log.info('provider removed', { provider: request.params.id, by: actor.id })
      return reply.code(204).send(null)
    },
  )
}

function checkRoutes(app: Api, hub: Hub): void {
  const check = async (settings: IssuerSettings): Promise<IssuerCheck> => {
    const { steps, metadata } = await checkIssuer(hub.clients.door, settings)
    const signsOut = metadata && metadata.end_session_endpoint !== undefined
    return { ok: metadata !== null, steps, signsOut }
  }

  app.post(
    '/identity-providers/check',
    {
      ...allow('manage:people', 'provider.check'),
      schema: { body: IssuerInput, response: { 200: IssuerCheck, ...failures } },
    },
    async (request) => check(request.body),
  )

  app.post(
    '/identity-providers/:id/check',
    {
      ...allow('manage:people', 'provider.check'),
      schema: { params: ProviderPath, response: { 200: IssuerCheck, ...failures } },
    },
    async (request) => check(await findProvider(hub.pool, request.params.id)),
  )
}

const IdentityPath = z.object({ id: Id, identityId: Id })

function identitiesOfRoutes(app: Api, hub: Hub): void {
  app.get(
    '/people/:id/identities',
    { ...manages, schema: { params: IdPath, response: { 200: IdentityList, ...failures } } },
    async (request) => {
      const { id } = await findPerson(hub.pool, request.params.id)
      return { identities: (await listIdentities(hub.pool, id)).map(identity) }
    },
  )

  app.delete(
    '/people/:id/identities/:identityId',
    {
      ...allow('manage:people', 'identity.remove'),
      schema: { params: IdentityPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { id, identityId } = request.params
      const actor = request.principal!
      await requireProof(hub.pool, actor)
      const person = await changeRights(hub.pool, actor, id, async (tx) => {
        noteAct(request, { details: await removeIdentity(tx, id, identityId) })
      })
      notePerson(request, person)
      hub.credentials.forget()
      hub.log.info('linked account removed', { person: id, by: actor.id })
      return reply.code(204).send(null)
    },
  )
}

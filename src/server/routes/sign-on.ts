import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { inTransaction } from '#database/pool.ts'
import { selfOf } from '#people/account.ts'
import { guardAdministrators } from '#people/person.ts'
import { requireProof } from '#people/proof.ts'
import { beginSignOn, finishSignOn, type SignedOn } from '#people/sign-on.ts'
import type { SignOnContext } from '#people/sign-on-context.ts'
import { listIdentities, type ShownIdentity, unlinkOwn } from '#people/sign-on-identity.ts'
import { listProviders } from '#people/sign-on-provider.ts'
import { signOut } from '#people/sign-out.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import {
  IdentityList,
  LinkInput,
  LinkStart,
  ProviderPath,
  SignedOut,
  SignOnList,
  SignOnStart,
} from '../contract/sign-on.ts'
import type { Hub } from '../hub.ts'
import { toHubError } from '../plugins/errors.ts'
import { needOwnAddress, ownAddress } from '../plugins/own-address.ts'
import {
  browserOf,
  clearJourneyCookie,
  clearSessionCookie,
  journeyTokenOf,
  setJourneyCookie,
  setSessionCookie,
} from '../plugins/session-cookie.ts'
import { time, timeOrNull } from '../shown.ts'
import { begin, peopleFor } from './session.ts'

/** Browsers are sent on by a GET, whatever they came with. */
const seeOther = 303

export const callbackPath = (id: string) => `/api/v1/sign-on/${id}/callback`
/** Where a provider sends a browser that signed out; it is registered there as well. */
export const signedOutPath = '/sign-in'

export const contextFor = (hub: Hub, request: FastifyRequest): SignOnContext => ({
  ...peopleFor(hub, request),
  clients: hub.clients,
  acts: hub.audit.acts,
})

export function signOnRoutes(app: Api, hub: Hub): void {
  app.get(
    '/sign-on/providers',
    { ...allow('open'), schema: { response: { 200: SignOnList, ...failures } } },
    async () => {
      const providers = (await listProviders(hub.pool)).filter(({ enabled }) => enabled)
      return { providers: providers.map(({ id, name }) => ({ id, name })) }
    },
  )

  journeyRoutes(app, hub)
  signOutRoute(app, hub)
  identityRoutes(app, hub)
}

const journeyOf = (hub: Hub, request: FastifyRequest) => ({ request, at: hub.publicUrl, journey: 'sign-on' as const })

/** People pass here as browsers go from address to address: what fails is told by the page that they end at. */
function journeyRoutes(app: Api, hub: Hub): void {
  const { publicUrl } = hub

  app.get(
    '/sign-on/:id/start',
    { ...allow('open'), schema: { params: ProviderPath, querystring: SignOnStart, response: failures } },
    async (request, reply) => {
      const { id: providerId } = request.params
      try {
        const redirectUri = needOwnAddress(request, publicUrl) + callbackPath(providerId)
        const asked = { providerId, redirectUri, returnTo: request.query.return ?? null, linkingSession: null }
        const begun = await beginSignOn(contextFor(hub, request), asked, browserOf(request, publicUrl))
        setJourneyCookie(reply, journeyOf(hub, request), begun.browserToken)
        return reply.redirect(begun.url, seeOther)
      } catch (error) {
        return reply.redirect(`/sign-in?${problem(hub, request, error)}`, seeOther)
      }
    },
  )

  app.get(
    '/sign-on/:id/callback',
    { ...allow('open', 'person.sign_in'), schema: { params: ProviderPath, response: failures } },
    async (request, reply) => {
      noteAct(request, { details: { method: 'sign_on', provider: request.params.id } })
      clearJourneyCookie(reply, journeyOf(hub, request))
      return reply.redirect(await comeBack(hub, request, reply), seeOther)
    },
  )
}

/** Finishes what was begun, and answers where the browser goes from here. */
async function comeBack(hub: Hub, request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { id: providerId } = request.params as { id: string }
  const parameters = new URL(request.url, 'http://own.invalid').searchParams
  const came = { providerId, parameters, browserToken: journeyTokenOf(journeyOf(hub, request)) }
  try {
    const result = await finishSignOn(contextFor(hub, request), came, browserOf(request, hub.publicUrl))
    if (!('failure' in result)) return await letIn(hub, request, reply, result)
    const told = problem(hub, request, result.failure)
    // Who was linking is signed in, and goes back to where they were.
    if (result.isLinking) return `${result.returnPath.split(/[?#]/, 1)[0]}?${told}`
    return `/sign-in?${told}&${new URLSearchParams({ to: result.returnPath })}`
  } catch (error) {
    return `/sign-in?${problem(hub, request, error)}`
  }
}

async function letIn(hub: Hub, request: FastifyRequest, reply: FastifyReply, result: SignedOn): Promise<string> {
  const { signedIn, token, returnPath } = result
  if (signedIn) await begin(hub, request, reply, signedIn)
  if (token !== null) {
    hub.credentials.forget()
    setSessionCookie(request, reply, hub.publicUrl, token)
  }
  return returnPath
}

/** The code alone goes into an address, where anybody could write a text; the whole stands in log and audit log. */
function problem(hub: Hub, request: FastifyRequest, thrown: unknown): string {
  const { code, message, detail } = toHubError(thrown)
  const { id: provider } = request.params as { id: string }
  const vendor = detail.vendorCode === undefined ? {} : { providerCode: detail.vendorCode }
  noteAct(request, { details: { why: message, ...vendor } })
  if (request.act) request.act.code = code
  hub.log.warn('nobody was signed in by a provider', { provider, code, why: message, ...vendor })
  return new URLSearchParams({ problem: code, provider }).toString()
}

function signOutRoute(app: Api, hub: Hub): void {
  app.post(
    '/sign-on/sign-out',
    { ...allow('signed in', 'person.sign_out'), schema: { response: { 200: SignedOut, ...failures } } },
    async (request, reply) => {
      const { personId, sessionId } = selfOf(request.principal!)
      const at = ownAddress(request, hub.publicUrl)
      const signedOutUrl = at === null ? null : at + signedOutPath
      const url = await signOut(contextFor(hub, request), { id: sessionId, personId }, signedOutUrl)
      hub.credentials.forget()
      clearSessionCookie(request, reply, hub.publicUrl)
      return { url }
    },
  )
}

export const identity = ({ createdAt, usedAt, ...rest }: ShownIdentity) => ({
  ...rest,
  createdAt: time(createdAt),
  usedAt: timeOrNull(usedAt),
})

function identityRoutes(app: Api, hub: Hub): void {
  const { publicUrl } = hub

  app.get(
    '/me/identities',
    { ...allow('signed in'), schema: { response: { 200: IdentityList, ...failures } } },
    async (request) => {
      const { personId } = selfOf(request.principal!)
      return { identities: (await listIdentities(hub.pool, personId)).map(identity) }
    },
  )

  app.post(
    '/me/identities',
    // What it leads to is the act.
    { ...allow('signed in', 'no act'), schema: { body: LinkInput, response: { 200: LinkStart, ...failures } } },
    async (request, reply) => {
      const { sessionId } = selfOf(request.principal!)
      await requireProof(hub.pool, request.principal!)
      const { provider: providerId, return: returnTo = null } = request.body
      const redirectUri = needOwnAddress(request, publicUrl) + callbackPath(providerId)
      const asked = { providerId, redirectUri, returnTo, linkingSession: sessionId }
      const { url, browserToken } = await beginSignOn(contextFor(hub, request), asked, browserOf(request, publicUrl))
      setJourneyCookie(reply, journeyOf(hub, request), browserToken)
      return { url }
    },
  )

  app.delete(
    '/me/identities/:id',
    {
      ...allow('signed in', 'identity.unlink'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { personId } = selfOf(request.principal!)
      await requireProof(hub.pool, request.principal!)
      const { id } = request.params
      const { provider } = await inTransaction(hub.pool, (tx) =>
        guardAdministrators(tx, () => unlinkOwn(tx, personId, id)),
      )
      noteAct(request, { details: { provider } })
      hub.credentials.forget()
      return reply.code(204).send(null)
    },
  )
}

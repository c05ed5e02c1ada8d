import type { FastifyRequest } from 'fastify'
import { type Consented, neededForConsent } from '#connections/consent.ts'
import type { ConsentTarget } from '#connections/consent-app.ts'
import { HubError } from '#core/errors.ts'
import { selfOf } from '#people/account.ts'
import { allow } from '../access.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { CallbackAddress, ConsentInput, ConsentPath, ConsentStart } from '../contract/linked-accounts.ts'
import type { Hub } from '../hub.ts'
import { toHubError } from '../plugins/errors.ts'
import { needOwnAddress } from '../plugins/own-address.ts'
import { journeyTokenOf, setJourneyCookie } from '../plugins/session-cookie.ts'

/** Browsers are sent on by a GET, whatever they came with. */
const seeOther = 303

export function consentRoutes(app: Api, hub: Hub): void {
  addressRoutes(app, hub)
  const { consents } = hub.connections

  app.post(
    '/consents',
    // What it leads to is the act.
    { ...allow('signed in', 'no act'), schema: { body: ConsentInput, response: { 200: ConsentStart, ...failures } } },
    async (request, reply) => {
      const { sessionId } = selfOf(request.principal!)
      const target = targetOf(request.body)
      const needed = neededForConsent(target)
      if (!request.principal!.permissions.has(needed)) {
        throw new HubError('auth.denied', `This needs the permission ${needed}`)
      }
      const { return: returnTo = null } = request.body
      const own = needOwnAddress(request, hub.publicUrl)
      const journey = journeyOf(hub, request)
      const held = journeyTokenOf(journey)
      const asked = { target, sessionId, ownAddress: own, returnTo, browserToken: held }
      const { url, browserToken } = await consents.begin(asked)
      setJourneyCookie(reply, journey, browserToken)
      return { url }
    },
  )

  app.get(
    '/consents/:host/callback',
    { ...allow('open'), schema: { params: ConsentPath, response: failures } },
    async (request, reply) => {
      // It stays for other windows; what came back serves once.
      const browserToken = journeyTokenOf(journeyOf(hub, request))
      const parameters = new URL(request.url, 'http://own.invalid').searchParams
      const { host } = request.params
      try {
        const done = await consents.finish({ host, parameters, browserToken })
        // What failed for want of the account is tried again now.
        if (done.failure === null) hub.wakeWorkers()
        return reply.redirect(backTo(hub, done), seeOther)
      } catch (error) {
        return reply.redirect(backTo(hub, { ...nothingBegun, failure: error }), seeOther)
      }
    },
  )
}

const nothingBegun: Consented = { returnPath: '/account/crm', connectionId: null, personId: null, failure: null }

const journeyOf = (hub: Hub, request: FastifyRequest) => ({ request, at: hub.publicUrl, journey: 'consent' as const })

function targetOf(body: ConsentInput): ConsentTarget {
  if ('connection' in body) return { connectionId: body.connection }
  return { authenticationId: body.authentication }
}

/** The code alone goes into the address, where anybody could write a text; the whole stands in log and audit log. */
function backTo(hub: Hub, { returnPath, failure, connectionId }: Consented): string {
  const back = new URL(returnPath, 'http://own.invalid')
  back.searchParams.set('consent', failure === null ? 'done' : toHubError(failure).code)
  if (failure !== null) hub.log.warn('a window of a CRM led to no consent', { connectionId, error: failure })
  return back.pathname + back.search + back.hash
}

/** Where the CRM is to send people back to: its app's registration asks for that before anybody can be sent there. */
function addressRoutes(app: Api, hub: Hub): void {
  const { consents } = hub.connections
  const whole = (request: FastifyRequest, path: string | null) => ({
    callbackUrl: path === null ? null : needOwnAddress(request, hub.publicUrl) + path,
  })

  app.get(
    '/authentications/:id/callback-address',
    { ...allow('edit:integrations'), schema: { params: IdPath, response: { 200: CallbackAddress, ...failures } } },
    async (request) => whole(request, await consents.callbackPath({ authenticationId: request.params.id })),
  )

  app.get(
    '/connections/:id/callback-address',
    {
      ...allow('edit:integrations'),
      schema: { params: IdPath, response: { 200: CallbackAddress, ...failures } },
    },
    async (request) => whole(request, await consents.callbackPath({ connectionId: request.params.id })),
  )
}

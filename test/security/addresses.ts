import { definitionOf } from '../../simulators/http/definition.ts'
import { connectBody } from '../server/served-hub.ts'
import type { Finding } from './finding.ts'
import { isAddress, nameOf, type Operation, placesOf } from './operations.ts'
import type { Json, World } from './world.ts'

/** How a place that takes an address is reached: the whole body around it. */
interface Place {
  body(world: World, address: string): Json
  path?(world: World): string
  /** Why even an address that is allowed is not called from there. */
  notCalled?: string
}

const secret = 'not-a-secret'

function httpApi({ api }: World, over: { url?: string; tokenUrl?: string } = {}): Json {
  const own = new URL(api.url).origin
  const definition = definitionOf(own, 'next', 'client_credentials') as Json
  if (over.tokenUrl) definition.authentication = { kind: 'client_credentials', tokenUrl: over.tokenUrl }
  else if (over.url) definition.authentication = { kind: 'bearer' }
  return {
    url: over.url ?? own,
    authentication: { settings: { clientId: 'x', user: 'x' }, secret },
    settings: { definition },
  }
}

const crm = (world: World, url: string): Json => ({ ...connectBody(world.simulator), url })
const authority = (world: World, address: string): Json => {
  const body = connectBody(world.simulator)
  return { ...body, authentication: { settings: { ...body.authentication.settings, authority: address }, secret } }
}
const credentials = ({ crm: kind, url, authentication }: Json): Json => ({
  ...{ name: 'Tried', crm: kind, url, secret },
  settings: authentication.settings,
})
const generic = (world: World, address: string) => ({ crm: 'generic-http', ...httpApi(world, { tokenUrl: address }) })
const aProvider = (issuer: string) => ({ id: 'tried', name: 'Tried', issuer, clientId: 'x' })
const toTry = '/api/v1/connectors/generic-http/try'
const keptSecret = 'a secret that is kept is sent only to where it goes already'

/** By route and place. One that is missing here is a finding: whoever adds a place that takes an address tries it. */
const places: Record<string, Place> = {
  'POST /api/v1/connectors/{crm}/discover url': {
    path: () => '/api/v1/connectors/dynamics/discover',
    body: (_, url) => ({ url }),
  },
  'POST /api/v1/connectors/{crm}/try url': {
    path: () => toTry,
    body: (world, url) => ({ ...httpApi(world, { url }), entity: 'contact' }),
  },
  'POST /api/v1/connectors/{crm}/try authentication.settings': {
    path: () => '/api/v1/connectors/generic-http/try',
    body: (world, address) => ({
      ...httpApi(world, { tokenUrl: address }),
      entity: 'contact',
    }),
  },
  'POST /api/v1/connectors/{crm}/try settings.definition': {
    path: () => toTry,
    body: (world, address) => ({ ...httpApi(world, { tokenUrl: address }), entity: 'contact' }),
  },
  'POST /api/v1/connectors/{crm}/try link': {
    path: () => toTry,
    body: (world, link) => ({ ...httpApi(world), entity: 'contact', link }),
    notCalled: 'the next page is on the API’s own host',
  },
  'POST /api/v1/authentications url': { body: (world, url) => credentials(crm(world, url)) },
  'POST /api/v1/authentications settings': { body: (world, address) => credentials(authority(world, address)) },
  'POST /api/v1/connections url': { body: crm },
  'POST /api/v1/connections authentication.settings': { body: authority },
  'POST /api/v1/connections settings.definition': { body: generic },
  'POST /api/v1/connections/check url': { body: crm },
  'POST /api/v1/connections/check authentication.settings': { body: authority },
  'POST /api/v1/connections/check settings.definition': { body: generic },
  'POST /api/v1/identity-providers issuer': { body: (_, issuer) => aProvider(issuer) },
  'POST /api/v1/identity-providers/check issuer': { body: (_, issuer) => ({ issuer }) },
  'PATCH /api/v1/identity-providers/{id} issuer': {
    path: () => '/api/v1/identity-providers/nobody',
    body: (_, issuer) => ({ issuer }),
    notCalled: 'there is none to change; another issuer is read as the first one is',
  },
  'PUT /api/v1/connections/{id}/definition ': {
    path: ({ connection }) => `/api/v1/connections/${connection}/definition`,
    body: (world, address) => httpApi(world, { tokenUrl: address }).settings.definition,
    notCalled: keptSecret,
  },
}

const told = 'told by a contact centre: kept, shown and written to the CRM as a text, and called by nobody'

/** Open places that hold values and no addresses. */
const noAddress: Record<string, string> = {
  'POST /api/v1/session/second-step passkey.clientExtensionResults': 'what a browser says of a passkey',
  'POST /api/v1/session/passkey passkey.clientExtensionResults': 'what a browser says of a passkey',
  'POST /api/v1/session/proof passkey.clientExtensionResults': 'what a browser says of a passkey',
  'POST /api/v1/me/passkeys response.clientExtensionResults': 'what a browser says of a passkey',
  'PUT /api/v1/destinations/{id}/mapping mapping.account': 'names of columns',
  'PUT /api/v1/destinations/{id}/mapping mapping.contact': 'names of columns',
  'POST /api/v1/writes fields': 'values of the CRM’s fields, sent to the CRM as they are',
  'POST /api/v1/interactions data': told,
  'POST /api/v1/interactions data.recordingUrl': told,
  'POST /api/v1/interactions scriptVariables': told,
  'POST /api/v1/interactions/{id}/events data': told,
  'POST /api/v1/interactions/{id}/events data.recordingUrl': told,
  'POST /api/v1/interactions/{id}/events scriptVariables': told,
  'POST /api/v1/desktop/softphone-events data': told,
  'POST /api/v1/desktop/softphone-events data.recordingUrl': told,
  'POST /api/v1/desktop/softphone-events scriptVariables': told,
  'POST /api/v1/interaction-events events.0.data': told,
  'POST /api/v1/interaction-events events.0.data.recordingUrl': told,
  'POST /api/v1/interaction-events events.0.scriptVariables': told,
  'PATCH /api/v1/connections/{id}/tables/{entity} mapping.fields': 'names of columns',
  'POST /api/v1/connections/{id}/tables/{entity}/preview mapping.fields': 'names of columns',
}

/** Ways to write the loopback, and what else is nobody's to ask for. */
const forms = (port: number) => [
  `http://127.0.0.1:${port}`,
  `http://localhost:${port}`,
  `http://127.1:${port}`,
  `http://2130706433:${port}`,
  `http://0x7f000001:${port}`,
  `http://0.0.0.0:${port}`,
  `http://[::1]:${port}`,
  `http://[::ffff:127.0.0.1]:${port}`,
  `http://user:pass@127.0.0.1:${port}`,
  'http://169.254.169.254/latest/meta-data',
  'http://10.0.0.1/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:1/',
]

/** Whether the hub can be made to call what it may not: over each place of the API that takes an address. */
export async function checkAddresses(world: World): Promise<Finding> {
  const { hub, spies, operations } = world
  const problems = takingAddresses(operations).flatMap((name) =>
    name in places || name in noAddress
      ? []
      : [`${name} takes an address and is tried nowhere (test/security/addresses.ts)`],
  )
  let cases = 0
  for (const [name, place] of Object.entries(places)) {
    const [method = '', documented = ''] = name.split(' ')
    const path = place.path?.(world) ?? documented
    const ask = async (address: string) => {
      cases += 1
      const { status } = await hub.ask(path, { method, json: place.body(world, address) })
      if (status === 500) problems.push(`${name} answers ${address} with 500`)
      if (status >= 200 && status < 300 && !path.endsWith('/check')) problems.push(`${name} takes ${address}`)
    }
    for (const address of forms(spies.forbidden.port)) await ask(address)
    await ask(spies.redirecting.url)
    if (spies.forbidden.hits.length > 0)
      problems.push(`${name} calls a forbidden address: ${spies.forbidden.hits.splice(0)}`)
    // The control: the place does lead to a call, where the address is allowed.
    spies.allowed.hits.length = 0
    await ask(spies.allowed.url)
    const isCalled = spies.allowed.hits.length > 0
    if (isCalled !== (place.notCalled === undefined)) {
      problems.push(
        `${name}: an allowed address is ${isCalled ? '' : 'not '}called (${place.notCalled ?? 'so nothing was tried'})`,
      )
    }
  }
  return { check: 'addresses', cases, problems }
}

/** Places that are called like an address, and open ones, in which anything may stand. */
function takingAddresses(operations: readonly Operation[]): string[] {
  const found = operations.flatMap((operation) =>
    placesOf(operation.body).flatMap(({ at, schema }) => {
      const name = `${nameOf(operation)} ${at.join('.')}`
      const isOpen = schema.type === 'object' && Boolean(schema.additionalProperties)
      return isOpen || (schema.type === 'string' && isAddress(at.at(-1) ?? '')) ? [name] : []
    }),
  )
  return [...new Set(found)]
}

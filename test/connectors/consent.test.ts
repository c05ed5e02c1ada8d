import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { connectorOf } from '#connectors/registry.ts'
import { redactor } from '#core/redact.ts'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { definitionOf } from '../../simulators/http/definition.ts'
import { startHttp } from '../../simulators/http/server.ts'
import { startSalesforce } from '../../simulators/salesforce/server.ts'
import { askControl } from '../support/simulator-control.ts'
import { come, makeAsked, openDoor, redirectUri, type Subject, signIn } from './consent-world.ts'

/** One CRM with what its administrator does about a person. */
interface Window {
  crm: string
  start(t: TestContext): Promise<
    Subject & {
      person: string
      /** As the CRM's own API says who a token stands for. */
      who(token: string): Promise<string>
      revoke(): Promise<unknown>
      /** Refresh tokens change with each use. */
      rotate(): Promise<unknown>
      strike(fault: object): Promise<unknown>
      host: string
    }
  >
}

const get = async (url: string, token: string) =>
  (await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json()) as Record<string, string>

const dynamics: Window = {
  crm: 'dynamics',
  async start(t) {
    const sim = await startDynamics({ records: 10, seed: 7 })
    const door = openDoor(sim.url)
    t.after(() => Promise.all([door.close(), sim.close()]))
    const { people } = await askControl<{ people: { upn: string }[] }>(sim.control, '/people', undefined, 'GET')
    const person = people[1]!.upn
    const { authority, tenant, clientId, clientSecret: secret } = sim
    return {
      ...{ consent: connectorOf('dynamics').consent!, door, url: sim.url, person, host: new URL(authority).host },
      app: { settings: { authority, tenant, clientId, flow: 'authorization_code' }, secret },
      who: async (token) => {
        const { UserId } = await get(`${sim.url}/api/data/v9.2/WhoAmI`, token)
        return (await get(`${sim.url}/api/data/v9.2/systemusers(${UserId})?$select=domainname`, token)).domainname!
      },
      revoke: () => askControl(sim.control, '/directory', { revokeRefreshTokens: person }),
      rotate: async () => undefined,
      strike: (fault) => askControl(sim.control, '/faults', { on: 'token', ...fault }),
    }
  },
}

const salesforce: Window = {
  crm: 'salesforce',
  async start(t) {
    const sim = await startSalesforce({ records: 10, seed: 7 })
    const door = openDoor(sim.url)
    t.after(() => Promise.all([door.close(), sim.close()]))
    const { people } = await askControl<{ people: { id: string; username: string }[] }>(
      sim.control,
      '/people',
      undefined,
      'GET',
    )
    const { id, username } = people[1]!
    const { clientId, clientSecret: secret } = sim
    return {
      ...{ consent: connectorOf('salesforce').consent!, door, url: sim.url, person: username },
      host: new URL(sim.url).host,
      app: { settings: { clientId, flow: 'authorization_code' }, secret },
      who: async (token) => (await get(`${sim.url}/services/oauth2/userinfo`, token)).preferred_username!,
      revoke: () => askControl(sim.control, '/app', { revoke: id }),
      rotate: () => askControl(sim.control, '/app', { rotates: true }),
      strike: (fault) => askControl(sim.control, '/faults', { on: 'token', ...fault }),
    }
  },
}

const api: Window = {
  crm: 'generic-http',
  async start(t) {
    const sim = await startHttp({ records: 10, seed: 7 })
    const door = openDoor(sim.url)
    t.after(() => Promise.all([door.close(), sim.close()]))
    const connector = connectorOf('generic-http')
    const definition = definitionOf(new URL(sim.url).origin, 'next', 'authorization_code')
    const own = connector.readSettings!(sim.url, { definition })
    assert.equal(own.authentication.flow, 'authorization_code')
    const person = 'carl@example.org'
    return {
      ...{ consent: connector.consent!, door, url: sim.url, person, host: new URL(sim.url).host },
      app: { settings: { clientId: sim.clientId, ...own.authentication }, secret: sim.secret },
      who: async (token) => {
        const made = await fetch(`${sim.url}/items/contacts`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
          body: '{}',
        })
        return ((await made.json()) as { contact: { updated_by: string } }).contact.updated_by
      },
      revoke: () => askControl(sim.control, '/access', { revoke: person }),
      rotate: () => askControl(sim.control, '/access', { rotates: true }),
      strike: (fault) => askControl(sim.control, '/faults', { on: 'token', ...fault }),
    }
  },
}

for (const { crm, start } of [dynamics, salesforce, api]) {
  test(`${crm}: a person signs in in a window, and the tokens stand for them until they are revoked`, async (t) => {
    const subject = await start(t)
    const { consent, door, url, app, person } = subject
    const came = await come(subject, person)
    const window = new URL(consent.window(url, app.settings, came.asked))
    assert.equal(window.host, subject.host)
    assert.equal(came.state, came.asked.state)
    const first = await consent.redeem(door, url, app, came)
    assert.equal(await subject.who(first.value), person)
    const renewed = await consent.renew(door, url, app, first.refreshToken!)
    assert.equal(await subject.who(renewed.value), person)
    await subject.rotate()
    const rotated = await consent.renew(door, url, app, renewed.refreshToken!)
    const last = await consent.renew(door, url, app, rotated.refreshToken!)
    assert.notEqual(last.refreshToken, first.refreshToken)
    assert.equal(await subject.who(last.value), person)
    const secrets = [first, renewed, rotated, last].flatMap(({ value, refreshToken }) => [value, refreshToken!])
    for (const one of [...secrets, came.code, came.verifier]) assert.ok(!redactor.clean(`said ${one}.`).includes(one))
    await subject.revoke()
    await assert.rejects(consent.renew(door, url, app, last.refreshToken!), { code: 'authentication.consent_over' })
  })

  test(`${crm}: a code is worth nothing twice, with another verifier or from another address`, async (t) => {
    const subject = await start(t)
    const { consent, door, url, app, person } = subject
    const over = { code: 'authentication.consent_over' }
    const came = await come(subject, person)
    const stolen = { ...came, verifier: makeAsked().verifier }
    await assert.rejects(consent.redeem(door, url, app, stolen), over)
    await assert.rejects(consent.redeem(door, url, app, { ...came, redirectUri: 'https://elsewhere.example/' }), (e) =>
      /^authentication\.(consent_over|rejected)$/.test((e as { code: string }).code),
    )
    assert.ok((await consent.redeem(door, url, app, came)).value)
    await assert.rejects(consent.redeem(door, url, app, came), over)
    await assert.rejects(consent.renew(door, url, app, 'never-was-one'), over)
  })

  test(`${crm}: a wrong secret, too many and broken answers have their own codes`, async (t) => {
    const subject = await start(t)
    const { consent, door, url, app, person } = subject
    const { refreshToken } = await signIn(subject, person)
    const renew = (given = app) => consent.renew(door, url, given, refreshToken!)
    await assert.rejects(renew({ ...app, secret: 'another-secret' }), { code: 'authentication.secret_wrong' })
    await subject.strike({ kind: '429', retryAfter: 3600, times: 0 })
    await assert.rejects(renew(), (error: { code: string; detail: { retryAt?: number } }) => {
      assert.equal(error.code, 'crm.throttled')
      assert.ok(error.detail.retryAt! > Date.now())
      return true
    })
  })

  test(`${crm}: without a window nothing signs in`, async (t) => {
    const { door, url, app } = await start(t)
    await assert.rejects(connectorOf(crm).requestToken(door, url, app), { code: 'input.invalid', message: /window/ })
  })
}

test('an app that Salesforce asks for no secret signs people in without one', async (t) => {
  const subject = await salesforce.start(t)
  await askControl(`${subject.url}/control`, '/app', { secretOptional: true })
  const open = { ...subject, app: { ...subject.app, secret: '' } }
  const { refreshToken } = await signIn(open, subject.person)
  assert.ok((await subject.consent.renew(subject.door, subject.url, open.app, refreshToken!)).value)
})

test('a window asks for what the app needs, keeps what stands in its address, and is encrypted', () => {
  const asked = { redirectUri, state: 's', challenge: 'c' }
  const entra = new URL(
    connectorOf('dynamics').consent!.window(
      'https://contoso.crm4.dynamics.com',
      { tenant: 't', clientId: 'id' },
      asked,
    ),
  )
  assert.equal(entra.origin + entra.pathname, 'https://login.microsoftonline.com/t/oauth2/v2.0/authorize')
  assert.equal(entra.searchParams.get('scope'), 'https://contoso.crm4.dynamics.com/user_impersonation offline_access')
  const force = new URL(
    connectorOf('salesforce').consent!.window('https://contoso.my.salesforce.com', { clientId: 'id' }, asked),
  )
  assert.equal(force.origin + force.pathname, 'https://contoso.my.salesforce.com/services/oauth2/authorize')
  assert.equal(force.searchParams.get('scope'), 'api refresh_token')
  for (const url of [entra, force]) {
    assert.equal(url.searchParams.get('code_challenge_method'), 'S256')
    assert.equal(url.searchParams.get('redirect_uri'), redirectUri)
  }
  const { consent } = connectorOf('generic-http')
  const settings = {
    clientId: 'id',
    authorizeUrl: 'https://login.example/go?access_type=offline&state=theirs',
    scope: 'a b',
  }
  const http = new URL(consent!.window('https://api.example', settings, asked))
  assert.deepEqual(
    ['access_type', 'state', 'scope'].map((name) => http.searchParams.getAll(name)),
    [['offline'], ['s'], ['a b']],
  )
  for (const authorizeUrl of [
    'http://login.example/',
    'javascript:alert(1)',
    'https://u:p@login.example/',
    'https://login.example/#x',
  ])
    assert.throws(() => consent!.window('https://api.example', { ...settings, authorizeUrl }, asked), {
      code: 'input.invalid',
    })
  const plain = { tenant: 't', clientId: 'id', authority: 'http://login.example' }
  assert.throws(() => connectorOf('dynamics').consent!.window('https://x.crm.dynamics.com', plain, asked), {
    code: 'input.invalid',
  })
})

test('salesforce: an app whose secret is a private key has no window, so that nobody is ever shown the key', () => {
  const settings = { flow: 'jwt_bearer', clientId: 'key', username: 'hub@contoso.com' }
  assert.throws(
    () => connectorOf('salesforce').consent!.window('https://contoso.my.salesforce.com', settings, makeAsked()),
    {
      code: 'input.invalid',
    },
  )
})

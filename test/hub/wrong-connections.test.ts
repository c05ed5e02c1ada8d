import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { TestScope } from '../support/database.ts'
import { connectByCli, makeKey, runCli, serve } from '../support/processes.ts'
import { recorder } from '../support/recorder.ts'
import { differences, openWorld, type World, withKey } from './connected-hub.ts'

/** What is sent as secret in these tests must never arrive where it does not belong. */
const canary = 'canary-not-for-strangers-0123456789'

type Crm = World['crm']

/** A simulated organisation, and hubs that may call it and these hosts. */
async function worldAllowing(t: TestScope, ...hosts: string[]) {
  const world = await openWorld(t)
  const { environment, ...options } = world.options
  const allowed = [environment?.JACKFIELD_ALLOW_HOSTS, ...hosts].join(',')
  const noisy = { ...environment, JACKFIELD_ALLOW_HOSTS: allowed, JACKFIELD_LOG_LEVEL: 'debug' }
  return { ...world, options: { ...options, environment: noisy } }
}

interface Over {
  url?: string
  secret?: string
  settings?: Record<string, string>
}

function connectBody({ authority, tenant, clientId, url: right }: Crm, over: Over) {
  const { url = right, secret = canary } = over
  const settings = { authority, tenant, clientId, ...over.settings }
  return { crm: 'dynamics', url, authentication: { settings, secret } }
}

/** This machine and its network, in the ways that people and attackers write them. */
const inside = (port: string) => [
  `http://127.0.0.1:${port}`,
  `https://127.0.0.1:${port}`,
  'https://127.0.0.1',
  `http://localhost:${port}`,
  'https://localhost:443',
  `http://2130706433:${port}`,
  `http://0x7f000001:${port}`,
  `http://0177.0.0.1:${port}`,
  `http://127.1:${port}`,
  `http://0.0.0.0:${port}`,
  `http://[::1]:${port}`,
  `http://[::ffff:127.0.0.1]:${port}`,
  `http://[::ffff:7f00:1]:${port}`,
  `http://[64:ff9b::7f00:1]:${port}`,
  'http://169.254.169.254:80',
  'https://169.254.169.254',
  'http://[fd00:ec2::254]:80',
  'https://10.0.0.1',
  'https://192.168.0.1',
  'https://100.64.0.1',
  'https://168.63.129.16',
  `http://user:password@127.0.0.1:${port}`,
  `http://127.0.0.1:${port}#@contoso.crm4.dynamics.com`,
  'file:///etc/passwd',
  'gopher://127.0.0.1:70/',
]

test('wrong connections are not made, and what is wrong is said', async (t) => {
  const page = await recorder(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Our intranet</title>')
  })
  const { crm, options } = await worldAllowing(t, page.host)
  const served = await serve(t, options)
  const asked: [what: string, over: Parameters<typeof connectByCli>[2], code: string, says: RegExp][] = [
    ['tenant', { tenant: randomUUID() }, 'authentication.tenant_unknown', /tenant/],
    ['client', { clientId: randomUUID() }, 'authentication.client_unknown', /client/],
    ['secret', { clientSecret: canary }, 'authentication.secret_wrong', /secret/],
    ['a web page', { url: page.url }, 'connection.not_the_crm', /Dynamics 365/],
    ['not encrypted', { url: 'http://127.0.0.1:9' }, 'crm.blocked_address', /127\.0\.0\.1/],
    ['inside', { url: 'https://127.0.0.1:9' }, 'crm.blocked_address', /127\.0\.0\.1/],
    ['no address', { url: 'not an address' }, 'input.invalid', /address/],
    ['no such name', { url: 'https://nobody.invalid' }, 'crm.dns', /nobody\.invalid/],
  ]
  const results = await Promise.all(asked.map(([, over]) => connectByCli(options, crm, over)))
  for (const [i, [what, , code, says]] of asked.entries()) {
    const { error } = results[i]!.json
    assert.notEqual(results[i]!.code, 0, what)
    assert.equal(error.code, code, `${what}: ${error.message}`)
    assert.match(error.message, says, what)
    assert.ok((error.mend ?? '').length > 15, `${what} names no mend: ${error.message}`)
  }
  const status = await runCli(['status', '--json'], options)
  assert.deepEqual(status.json.connections, [])
  assert.doesNotMatch(served.printed() + JSON.stringify(results), new RegExp(canary))
})

test('no address makes the hub call its own machine or network', async (t) => {
  const outsider = await recorder(t)
  const { crm, options } = await worldAllowing(t)
  const hub = withKey(await serve(t, options), await makeKey(options, 'all'))
  for (const url of inside(new URL(outsider.url).port)) {
    const asked: [string, object][] = [
      ['/api/v1/connectors/dynamics/discover', { url }],
      ['/api/v1/connections', connectBody(crm, { url })],
      ['/api/v1/connections', connectBody(crm, { settings: { authority: url } })],
    ]
    for (const [path, json] of asked) {
      const reply = await hub.ask(path, { json })
      assert.equal(reply.status, 400, `${path} ${url}: ${reply.text}`)
      assert.match(reply.json.error.code, /^(crm\.blocked_address|input\.invalid)$/, `${url}: ${reply.text}`)
    }
  }
  assert.deepEqual(outsider.requests, [])
  assert.deepEqual((await hub.ask('/api/v1/connections')).json, { connections: [] })
})

test('a host that leads elsewhere, even to where the hub may call, takes nothing secret there', async (t) => {
  const elsewhere = await recorder(t)
  const hostile = await recorder(t, ({ url, headers }, response) => {
    if (url.includes('/WhoAmI') && !headers.authorization) {
      const uri = `${elsewhere.url}/${randomUUID()}/oauth2/authorize`
      response.writeHead(401, { 'www-authenticate': `Bearer authorization_uri=${uri}, resource_id=https://x/` }).end()
    } else response.writeHead(307, { location: `${elsewhere.url}${url}` }).end()
  })
  const { crm, options } = await worldAllowing(t, elsewhere.host, hostile.host)
  const served = await serve(t, options)
  const hub = withKey(served, await makeKey(options, 'all'))
  const withToken = { url: hostile.url, secret: crm.clientSecret, settings: { scope: `${crm.url}/.default` } }
  const asked: [string, object, RegExp][] = [
    ['/connectors/dynamics/discover', { url: hostile.url }, /^connection\.not_the_crm$/],
    ['/connections', connectBody(crm, { url: hostile.url, settings: { tenant: '' } }), /^connection\.not_the_crm$/],
    ['/connections', connectBody(crm, { settings: { authority: hostile.url } }), /^crm\.foreign_link$/],
    ['/connections', connectBody(crm, withToken), /^(crm\.foreign_link|connection\.not_the_crm)$/],
  ]
  for (const [path, json, code] of asked) {
    const reply = await hub.ask(`/api/v1${path}`, { json })
    assert.match(reply.json?.error?.code, code, `${JSON.stringify(json)}: ${reply.text}`)
  }
  assert.deepEqual(elsewhere.requests, [])
  // The secret only as one told the hub to: the host was named as the authority.
  const told = hostile.requests.filter((request) => JSON.stringify(request).includes(canary))
  assert.ok(told.length > 0)
  for (const { url } of told) assert.match(url, /\/oauth2\/v2\.0\/token$/)
  assert.ok(hostile.requests.some(({ headers }) => headers.authorization?.startsWith('Bearer ')))
  assert.deepEqual((await hub.ask('/api/v1/connections')).json, { connections: [] })
  assert.doesNotMatch(served.printed(), new RegExp(`${canary}|${crm.clientSecret}`))
})

test('a next link to another host stops the run, and nobody is called with a token', async (t) => {
  const elsewhere = await recorder(t)
  const { crm, control, options } = await worldAllowing(t, elsewhere.host)
  const served = await serve(t, options)
  const hub = withKey(served, await makeKey(options, 'all'))
  await control('/settings', { maxPageSize: 10 })
  const linksTo = { kind: 'foreign-next-link', host: elsewhere.url, times: 0 }
  await control('/faults', linksTo)
  assert.equal((await connectByCli(options, crm)).json.error.code, 'crm.foreign_link')
  await control('/faults', undefined, 'DELETE')
  const { connection } = (await connectByCli(options, crm)).json
  await control('/faults', linksTo)
  const { code, json } = await runCli(['sync', connection, '--full', '--wait', '--json'], options)
  assert.equal(code, 1)
  for (const { problem } of json.failed) {
    assert.equal(problem.code, 'crm.foreign_link')
    assert.ok(problem.page >= 1, JSON.stringify(json))
    assert.match(problem.message, new RegExp(elsewhere.host))
  }
  assert.deepEqual(elsewhere.requests, [])

  await control('/faults', undefined, 'DELETE')
  assert.equal((await runCli(['sync', connection, '--wait'], options)).code, 0)
  await control('/faults', { ...linksTo, on: ['enumerate'] })
  const audited = await runCli(['audit', connection, '--table', 'contact', '--repair', '--json'], options)
  assert.equal(audited.code, 1)
  assert.deepEqual(audited.json.audited, {}, 'a broken enumeration counts as none')
  assert.deepEqual(elsewhere.requests, [])
  assert.deepEqual(await differences({ crm, hub }, 'contact'), [])
  assert.doesNotMatch(served.printed(), new RegExp(crm.clientSecret))
})

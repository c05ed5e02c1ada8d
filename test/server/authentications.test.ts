import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { changeDirectory } from '../../simulators/entra/faults.ts'
import { startSalesforce } from '../../simulators/salesforce/server.ts'
import { shareDirectory } from '../connections/two-dynamics.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { connectBody, type ServedHub, type Simulator, serveHub, startSimulator } from './served-hub.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API
type Json = any

const base = '/api/v1/authentications'

/** The credentials of an organisation, made by themselves. */
function credentialsOf(simulator: Simulator, over: Json = {}) {
  const { crm, url, authentication } = connectBody(simulator)
  return { name: 'Service account', crm, url, ...authentication, ...over }
}

/** Two organisations before one directory, and an authentication by which neither is connected yet. */
async function twoOrganisations(t: TestScope) {
  const first = await startSimulator(t)
  const second = await startDynamics({ records: 30, seed: 6, protection: false })
  t.after(() => second.close())
  shareDirectory(first, second)
  const hosts = [first, second].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const { json: made, status } = await hub.ask(base, { json: credentialsOf(first) })
  assert.equal(status, 201, JSON.stringify(made))
  return { hub, first, second, made }
}

async function connect(hub: ServedHub, { url }: { url: string }, id: string, name: string): Promise<string> {
  const { json, status } = await hub.ask('/api/v1/connections', {
    json: { crm: 'dynamics', url, name, authentication: { id } },
  })
  assert.equal(status, 201, JSON.stringify(json))
  return json.id
}

const actsOf = async (hub: ServedHub, subject: string) =>
  (await hub.ask(`/api/v1/audit-log?subject=${subject}`)).json.acts.map(({ act, outcome }: Json) => `${act} ${outcome}`)

test('an authentication is made by itself, named, shared, and stays while it is used', async (t) => {
  const { hub, first, second, made } = await twoOrganisations(t)
  assert.deepEqual([made.name, made.crm, made.connections, made.isOwn], ['Service account', 'dynamics', [], true])
  assert.equal(made.settings.clientId, first.clientId)
  assert.ok(!JSON.stringify(made).includes(first.clientSecret))
  const north = await connect(hub, first, made.id, 'North')
  const south = await connect(hub, second, made.id, 'South')

  const path = `${base}/${made.id}`
  const { json: renamed } = await hub.ask(path, { method: 'PATCH', json: { name: ' Both regions ' } })
  assert.equal(renamed.name, 'Both regions')
  assert.deepEqual((await hub.ask(base)).json.authentications, [renamed])
  assert.deepEqual((await hub.ask(path)).json, renamed)
  assert.deepEqual(renamed.connections, [
    { id: north, name: 'North', state: 'active' },
    { id: south, name: 'South', state: 'active' },
  ])

  const inUse = async () => {
    const { status, json } = await hub.ask(path, { method: 'DELETE' })
    assert.deepEqual([status, json.error.code], [409, 'authentication.in_use'])
    return json.error.connections
  }
  assert.deepEqual(await inUse(), [
    { id: north, name: 'North' },
    { id: south, name: 'South' },
  ])
  await hub.ask(`/api/v1/connections/${south}`, { method: 'DELETE' })
  assert.deepEqual(await inUse(), [{ id: north, name: 'North' }])
  await hub.ask(`/api/v1/connections/${north}`, { method: 'DELETE' })
  const { json: unused } = await hub.ask(path)
  assert.deepEqual(unused.connections, [], 'made by itself, it outlives its connections')
  await connect(hub, first, made.id, 'North again')
  await hub.ask(`/api/v1/connections/${north}`, { method: 'DELETE' })

  assert.equal((await hub.ask(path, { method: 'DELETE' })).status, 204)
  assert.deepEqual((await hub.ask(base)).json.authentications, [])
  for (const init of [{}, { method: 'DELETE' }, { method: 'PATCH', json: { name: 'X' } }]) {
    assert.equal((await hub.ask(path, init)).json.error.code, 'resource.not_found')
  }
  const secret = { method: 'PUT', json: { secret: first.clientSecret } }
  assert.equal((await hub.ask(`${path}/secret`, secret)).json.error.code, 'resource.not_found')
  const { rows } = await hub.hub.pool.query(
    'select count(*)::int as n from jackfield.authentication where secret is not null or token is not null',
  )
  assert.equal(rows[0].n, 0)
  const again = { crm: 'dynamics', url: first.url, authentication: { id: made.id } }
  assert.equal((await hub.ask('/api/v1/connections', { json: again })).status, 409)
  const acts = await actsOf(hub, made.id)
  for (const act of ['create done', 'change done', 'remove refused', 'remove done']) {
    assert.ok(acts.includes(`authentication.${act}`), `${act} in ${acts}`)
  }
})

test('one that never was used leaves nothing behind', async (t) => {
  const { hub, made } = await twoOrganisations(t)
  assert.equal((await hub.ask(`${base}/${made.id}`, { method: 'DELETE' })).status, 204)
  const { rows } = await hub.hub.pool.query('select count(*)::int as n from jackfield.authentication')
  assert.equal(rows[0].n, 0)
})

test('what a connection was made with is forgotten with the last that uses it', async (t) => {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator })
  const { json } = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  assert.equal((await hub.ask(base)).json.authentications[0].isOwn, false)
  await hub.ask(`/api/v1/connections/${json.id}`, { method: 'DELETE' })
  assert.deepEqual((await hub.ask(base)).json.authentications, [])
  assert.equal((await hub.ask(`${base}/${json.authenticationId}`)).status, 404)
})

test('a secret replaced mends every connection that uses it, and says which', async (t) => {
  const { hub, first, second, made } = await twoOrganisations(t)
  const north = await connect(hub, first, made.id, 'North')
  const south = await connect(hub, second, made.id, 'South')
  const states = async () =>
    (await hub.ask('/api/v1/connections')).json.connections.map(({ name, state }: Json) => `${name} ${state}`)
  changeDirectory(first.simulator.directory, { expireSecrets: true })
  for (const id of [north, south]) {
    await hub.ask(`/api/v1/connections/${id}/check`, { method: 'POST' })
  }
  assert.deepEqual(await states(), ['North needs_attention', 'South needs_attention'])
  const { json: broken } = await hub.ask(`${base}/${made.id}`)
  assert.equal(broken.problem.code, 'authentication.secret_expired')

  const secret = 'another~secret~of~the~app'
  changeDirectory(first.simulator.directory, { secret })
  const wrong = { method: 'PUT', json: { secret: 'surely~another~secret' } }
  assert.equal((await hub.ask(`${base}/${made.id}/secret`, wrong)).json.error.code, 'authentication.secret_wrong')
  const { json } = await hub.ask(`${base}/${made.id}/secret`, { method: 'PUT', json: { secret } })
  assert.deepEqual(json.connections, [
    { id: north, name: 'North', state: 'active', mended: true },
    { id: south, name: 'South', state: 'active', mended: true },
  ])
  assert.equal((await hub.ask(`${base}/${made.id}`)).json.problem, null)
})

test('a secret replaced while nothing uses it is tried where it was made for', async (t) => {
  const { hub, first, made } = await twoOrganisations(t)
  const put = (secret: string) => hub.ask(`${base}/${made.id}/secret`, { method: 'PUT', json: { secret } })
  assert.equal((await put('surely~another~secret')).json.error.code, 'authentication.secret_wrong')
  assert.deepEqual((await put(first.clientSecret)).json, { connections: [] })
})

test('what does not sign in is not stored, and an HTTP API needs its definition', async (t) => {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator })
  const refused = await hub.ask(base, { json: credentialsOf(simulator, { secret: 'surely~another~secret' }) })
  assert.equal(refused.json.error.code, 'authentication.secret_wrong')
  const api = await hub.ask(base, { json: credentialsOf(simulator, { crm: 'generic-http' }) })
  assert.deepEqual([api.json.error.code, api.json.error.field], ['input.invalid', 'crm'])
  assert.deepEqual((await hub.ask(base)).json.authentications, [])
})

test('a secret that nothing uses yet goes where it was made for, and nowhere else', async (t) => {
  const first = await startSalesforce({ records: 10, seed: 4 })
  const second = await startSalesforce({ records: 10, seed: 5 })
  t.after(async () => {
    await first.close()
    await second.close()
  })
  const hosts = [first, second].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const { clientId, clientSecret: secret, url } = first
  const { json: made } = await hub.ask(base, {
    json: { name: 'Sales', crm: 'salesforce', url, settings: { clientId }, secret },
  })
  assert.deepEqual(made.places, [new URL(url).origin], JSON.stringify(made))
  const before = second.simulator.log.total
  const attempt = (address: string) => ({
    json: { crm: 'salesforce', url: address, authentication: { id: made.id } },
  })
  for (const path of ['/api/v1/connections', '/api/v1/connections/check']) {
    const { status, json } = await hub.ask(path, attempt(second.url))
    assert.deepEqual([status, json.error?.field], [400, 'authentication'])
  }
  assert.equal(second.simulator.log.total, before)
  assert.equal((await hub.ask('/api/v1/connections', attempt(url))).status, 201)
})

test('a CRM user that is lost costs a connection none of its configuration', async (t) => {
  const { hub, first, made } = await twoOrganisations(t)
  const id = await connect(hub, first, made.id, 'North')
  const contact = `/api/v1/connections/${id}/tables/contact`
  const change = await hub.ask(contact, {
    method: 'PATCH',
    json: {
      scheduleSeconds: 77,
      filter: { all: [{ field: 'lastname', is: 'not_null' }] },
    },
  })
  assert.equal(change.status, 200, change.text)
  await hub.ask(`/api/v1/connections/${id}`, { method: 'PATCH', json: { settings: { defaultCountry: 'BE' } } })
  const configuration = async () => {
    const tables = (await hub.ask(`/api/v1/connections/${id}/tables`)).json.tables.map(
      ({ entity, enabled, columns, filter, mapping, scheduleSeconds }: Json) => ({
        entity,
        enabled,
        columns,
        filter,
        mapping,
        scheduleSeconds,
      }),
    )
    const { name, url, settings, webhook } = (await hub.ask(`/api/v1/connections/${id}`)).json
    const { rows } = await hub.hub.pool.query('select webhook_secret from jackfield.connection where id = $1', [id])
    const { name: credentials, settings: app } = (await hub.ask(`${base}/${made.id}`)).json
    return { tables, name, url, settings, webhook, pushSecret: rows[0].webhook_secret, credentials, app }
  }
  await hub.hub.connections.ensureSubscription(id, 'http://hub.example')
  const before = await configuration()
  assert.ok(before.pushSecret && before.webhook)

  first.simulator.org.settings.member = false
  const { json: check } = await hub.ask(`/api/v1/connections/${id}/check`, { method: 'POST' })
  assert.equal(check.error.code, 'crm.no_user')
  assert.equal((await hub.ask(`/api/v1/connections/${id}`)).json.state, 'needs_attention')
  assert.equal((await hub.ask(`${base}/${made.id}`)).json.connections[0].state, 'needs_attention')
  assert.deepEqual(await configuration(), before)

  first.simulator.org.settings.member = true
  const put = { method: 'PUT', json: { secret: first.clientSecret } }
  assert.deepEqual((await hub.ask(`${base}/${made.id}/secret`, put)).json.connections, [
    { id, name: 'North', state: 'active', mended: true },
  ])
  assert.deepEqual(await configuration(), before)
})

test('of two that connect by it and delete it at the same time, one is refused', async (t) => {
  const { url: databaseUrl } = await testDatabase(t)
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, databaseUrl })
  const { json: made } = await hub.ask(base, { json: credentialsOf(simulator) })
  const connecting = hub.ask('/api/v1/connections', {
    json: { crm: 'dynamics', url: simulator.url, authentication: { id: made.id } },
  })
  let gone = false
  for (let ended = false; !ended && !gone; ) {
    ended = await Promise.race([connecting.then(() => true), new Promise<boolean>((done) => setImmediate(done, false))])
    gone = (await hub.ask(`${base}/${made.id}`, { method: 'DELETE' })).status === 204
    if (gone) break
  }
  const { status } = await connecting
  assert.equal(status, gone ? 404 : 201)
  const { rows } = await hub.hub.pool.query(
    `select count(*)::int as n from jackfield.connection c join jackfield.authentication a on a.id = c.authentication_id
      where c.state <> 'removed' and a.secret is null`,
  )
  assert.equal(rows[0].n, 0)
})

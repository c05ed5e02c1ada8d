import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { type ServedHub, type Simulator, serveHub } from '../server/served-hub.ts'
import { until } from '../support/hub.ts'

async function connect(hub: ServedHub, { url, authority, tenant, clientId, clientSecret }: Simulator, name: string) {
  const authentication = { settings: { authority, tenant, clientId }, secret: clientSecret }
  const made = await hub.ask('/api/v1/connections', {
    method: 'POST',
    json: { crm: 'dynamics', url, name, authentication },
  })
  assert.equal(made.status, 201, made.text)
  return made.json.id as string
}

test('a destination is named, looked at, started, mapped and compared through the API, by whom it may', async (t) => {
  const from = await startDynamics({ records: 30, seed: 1 })
  const to = await startDynamics({ records: 6, seed: 2 })
  t.after(async () => {
    await from.close()
    await to.close()
  })
  const hosts = [from, to].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  await connect(hub, from, 'Sales')
  const target = await connect(hub, to, 'Contact centre')

  const reader = await hub.newKey('read:status')
  const json = { connection: target }
  assert.equal((await hub.ask('/api/v1/destinations', { method: 'POST', json, key: reader })).status, 403)
  const made = await hub.ask('/api/v1/destinations', { method: 'POST', json })
  assert.deepEqual([made.status, made.json.state, made.json.onDelete], [201, 'paused', 'deactivate'])
  const again = await hub.ask('/api/v1/destinations', { method: 'POST', json })
  assert.deepEqual([again.status, again.json.error.code], [409, 'destination.exists'])

  const at = `/api/v1/destinations/${made.json.id}`
  const readiness = await hub.ask(`${at}/readiness`, { key: reader })
  assert.equal(readiness.json.ready, true, readiness.text)
  const names = new Set(readiness.json.requirements.map(({ name }: { name: string }) => name))
  for (const name of ['organisation', 'user', 'rights', 'tables', 'columns', 'sources', 'licence', 'flows'])
    assert.ok(names.has(name), name)

  const wrong = { mapping: { contact: { '*': [{ to: 'nosuchcolumn', model: 'lastName' }] } } }
  const refused = await hub.ask(`${at}/mapping`, { method: 'PUT', json: wrong })
  assert.deepEqual(
    [refused.status, refused.json.error.code, refused.json.error.field],
    [400, 'mapping.invalid', 'nosuchcolumn'],
  )
  const lines = [
    { to: 'lastname', model: 'lastName' },
    { to: 'nickname', model: 'firstName' },
  ]
  const mapped = await hub.ask(`${at}/mapping`, { method: 'PUT', json: { mapping: { contact: { '*': lines } } } })
  assert.deepEqual(mapped.json.changed, [{ entity: 'contact', crm: '*' }], mapped.text)

  assert.equal((await hub.ask(`${at}/start`, { method: 'POST' })).json.state, 'active')
  const done = await until(async () => {
    const { json: now } = await hub.ask(at)
    return now.progress.filled && now.progress.due === 0 && now.figure && now
  })
  assert.deepEqual([done.figure.missing, done.figure.differing, done.problem], [0, 0, null])
  assert.equal(done.progress.written, done.figure.records)
  assert.deepEqual((await hub.ask(`${at}/problems`)).json, { problems: [], next: null })
  assert.equal((await hub.ask(`${at}/pause`, { method: 'POST', key: reader })).status, 403)
  assert.equal((await hub.ask(`${at}/pause`, { method: 'POST' })).json.state, 'paused')
  assert.equal((await hub.ask(at, { method: 'DELETE' })).status, 204)
  assert.deepEqual((await hub.ask('/api/v1/destinations')).json, { destinations: [] })
})

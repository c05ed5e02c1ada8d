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
  const source = await connect(hub, from, 'Sales')
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

  // Else what is compared first may be nothing yet, and is compared again in an hour.
  await until(async () => {
    const { tables } = (await hub.ask(`/api/v1/connections/${source}/tables`)).json
    return tables.every(
      (table: { enabled: boolean; firstPassAt: string | null }) => !table.enabled || table.firstPassAt,
    )
  })
  assert.equal((await hub.ask(`${at}/start`, { method: 'POST' })).json.state, 'active')
  const done = await until(async () => {
    const { json: now } = await hub.ask(at)
    return now.progress.filled && now.progress.due === 0 && now.figure && now
  })
  assert.deepEqual([done.figure.missing, done.figure.differing, done.problem], [0, 0, null])
  assert.equal(done.progress.written, done.figure.records)
  assert.deepEqual((await hub.ask(`${at}/problems`)).json, { problems: [], next: null })
  await changeParts(hub, at, reader)
  assert.equal((await hub.ask(`${at}/pause`, { method: 'POST', key: reader })).status, 403)
  assert.equal((await hub.ask(`${at}/pause`, { method: 'POST' })).json.state, 'paused')
  assert.equal((await hub.ask(at, { method: 'DELETE' })).status, 204)
  assert.deepEqual((await hub.ask('/api/v1/destinations')).json, { destinations: [] })
})

/** What is written of one kind of CRM into one table: looked at, previewed, changed over what was seen, reset. */
async function changeParts(hub: ServedHub, at: string, reader: string): Promise<void> {
  const path = `${at}/mapping/contact/dynamics`
  const { json: part } = await hub.ask(path, { key: reader })
  const names = (list: { name: string }[]) => list.map(({ name }) => name)
  assert.deepEqual(part.left, [])
  assert.ok(names(part.columns).includes('numberofchildren') && names(part.model).includes('jobTitle'))
  for (const own of ['contactid', 'msdyn_source_crm_id', 'fullname']) assert.ok(!names(part.columns).includes(own), own)

  const records = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json.records
  const ofSource = records.filter(({ connectionId }: { connectionId: string }) =>
    part.connections.includes(connectionId),
  )
  const titled = ofSource.filter(({ sourceFields }: { sourceFields: { jobtitle: unknown } }) => sourceFields.jobtitle)
  const lines = [
    { to: 'lastname', model: 'lastName' },
    { to: 'nickname', model: 'jobTitle' },
    { to: 'numberofchildren', model: 'jobTitle' },
  ]
  const { json: preview } = await hub.ask(`${path}/preview`, { json: { lines } })
  assert.deepEqual([preview.looked, preview.records], [ofSource.length, ofSource.length])
  type Difference = { to: string; change: string; refused: number; differing: number; examples: object[] }
  const [nickname, children] = preview.columns as Difference[]
  assert.deepEqual(
    [nickname?.to, nickname?.change, children?.to, children?.change],
    ['nickname', 'changed', 'numberofchildren', 'added'],
  )
  assert.equal(children?.refused, titled.length)
  assert.ok(nickname!.differing > 0 && nickname!.examples.length > 0)
  assert.equal((await hub.ask(`${path}/preview`, { json: { lines }, key: reader })).status, 403)

  for (const wrong of [
    { to: 'nickname', model: 'customer' },
    { to: 'numberofchildren', model: 'birthDate' },
    { to: 'parentcustomerid', model: 'lastName' },
  ]) {
    const refused = await hub.ask(path, { method: 'PUT', json: { lines: [wrong], version: part.version } })
    assert.deepEqual(
      [refused.status, refused.json.error.code, refused.json.error.field],
      [400, 'mapping.invalid', wrong.to],
    )
  }
  const kept = lines.slice(0, 2)
  const saved = await hub.ask(path, { method: 'PUT', json: { lines: kept, version: part.version } })
  assert.deepEqual([saved.status, saved.json.lines], [200, kept], saved.text)
  const late = await hub.ask(path, { method: 'PUT', json: { lines, version: part.version } })
  assert.deepEqual([late.status, late.json.error.code], [409, 'settings.changed'])
  const reset = await hub.ask(path, { method: 'PUT', json: { lines: null, version: saved.json.version } })
  // What was changed for any other CRM holds for this one again.
  assert.deepEqual(reset.json.lines, part.lines)
  assert.deepEqual((await hub.ask(`${at}/mapping`)).json.changed, [{ entity: 'contact', crm: '*' }])
}

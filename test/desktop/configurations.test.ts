import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jackfield } from '../cli/command-line.ts'
import { connectBody, serveHub, startSimulator } from '../server/served-hub.ts'
import { configured, mapping } from './configured.ts'

const nobody = '00000000-0000-4000-8000-000000000000'

test('A configuration belongs to a connection, takes its address, and refuses what is no origin', async (t) => {
  const simulator = await startSimulator(t, 5)
  const hub = await serveHub(t, { simulator })
  const connection = (await hub.ask('/api/v1/connections', { json: connectBody(simulator) })).json.id
  const create = (over: object) =>
    hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId: connection, ...over } })

  assert.equal((await create({ screenPopDomain: 'https://crm.example/main.aspx' })).json.error.field, 'screenPopDomain')
  assert.equal((await create({ screenPopDomain: 'http://crm.example' })).status, 400)
  assert.equal((await create({ connectionId: nobody })).status, 404)
  assert.equal((await create({ teamIds: [nobody] })).json.error.field, 'teamIds')
  assert.equal((await create({ personIds: [nobody] })).status, 404)

  const made = await create({ description: 'First line' })
  assert.equal(made.status, 201)
  const { state, screenPopDomain, authentication, connectionName, parts, problem } = made.json
  assert.deepEqual([state, screenPopDomain, connectionName, problem], ['active', simulator.url, 'Contoso', null])
  assert.ok(authentication.id)
  assert.deepEqual(Object.values(parts), [0, 0, 0, 0, 0, 0])

  const again = await create({ name: 'DESK' })
  assert.deepEqual([again.status, again.json.error.code], [409, 'desktop.name_taken'])
  assert.equal((await hub.ask('/api/v1/crm-configurations')).json.configurations.length, 1)
})

test('A change names the version that it is made upon, and changes nothing else', async (t) => {
  const { ask, hub, id } = await configured(t)
  const change = (json: object) => ask('', { method: 'PATCH', json })
  const changed = await change({ description: 'For all', screenPopDomain: 'https://crm.example', version: 1 })
  assert.deepEqual([changed.status, changed.json.name, changed.json.version], [200, 'Service desk', 2])
  assert.equal(changed.json.screenPopDomain, 'https://crm.example')

  const late = await change({ name: 'Late', version: 1 })
  assert.deepEqual([late.status, late.json.error.code], [409, 'settings.changed'])
  const off = await change({ state: 'off', version: 2 })
  assert.deepEqual([off.json.state, off.json.description], ['off', 'For all'], 'what is not named stays')

  assert.equal((await ask('', { method: 'DELETE' })).status, 204)
  assert.equal((await ask('')).status, 404)
  const { acts } = (await hub.ask(`/api/v1/audit-log?subject=${id}`)).json
  const done = acts.filter(({ outcome }: { outcome: string }) => outcome === 'done')
  assert.deepEqual(done.map(({ act }: { act: string }) => act).sort(), [
    ...['configuration.change', 'configuration.change', 'configuration.create', 'configuration.remove'],
  ])
})

test('Losing the CRM user breaks a configuration and takes nothing of it; it comes back with its connection', async (t) => {
  const { ask, add, hub, connection, control, simulator } = await configured(t)
  await add('memorialization', mapping('contact', [['description', 'voice', 'dispositionNotes']]))
  await control('/settings', { member: false })
  await hub.ask(`/api/v1/connections/${connection}/check`, { method: 'POST' })
  const broken = (await ask('')).json
  assert.deepEqual([broken.state, broken.problem.code], ['needs_attention', 'crm.no_user'])
  assert.ok(broken.problem.mend)
  const told = async () => {
    const { counts, items } = (await hub.ask('/api/v1/attention?kind=configuration')).json
    const { name, problem } = items[0] ?? {}
    return [counts.configuration, name, problem?.code, problem?.mend]
  }
  assert.deepEqual(await told(), [1, 'Service desk', 'crm.no_user', broken.problem.mend])
  assert.equal((await hub.ask('/api/v1/status')).json.attention.configuration, 1)
  assert.equal((await ask('/parts')).json.parts.length, 1)

  assert.equal((await hub.ask(`/api/v1/connections/${connection}`, { method: 'DELETE' })).status, 204)
  const removed = (await ask('')).json
  assert.deepEqual([removed.state, removed.problem.code], ['needs_attention', 'connection.not_found'])
  assert.match(removed.problem.mend, /Connect the same organisation again/)
  assert.deepEqual(await told(), [1, 'Service desk', 'connection.not_found', removed.problem.mend])
  assert.equal((await ask('/parts')).json.parts.length, 1, 'what was configured is kept')
  assert.equal((await ask('/rights')).status, 200)
  const another = { name: 'Another', connectionId: connection }
  assert.equal((await hub.ask('/api/v1/crm-configurations', { json: another })).status, 404)

  await control('/settings', { member: true })
  const connected = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  assert.equal(connected.status, 201, connected.text)
  assert.equal((await ask('')).json.state, 'active')
  assert.equal((await told())[0], 0)
})

test('Each permission is asked for where the document asks for it', async (t) => {
  const { ask, add, hub, connection, editor } = await configured(t)
  const json = { name: 'Another', connectionId: connection }
  const creates = async (...scopes: Parameters<typeof hub.newKey>) =>
    (await hub.ask('/api/v1/crm-configurations', { json, key: await hub.newKey(...scopes) })).status
  assert.equal(await creates('edit:integrations'), 403)
  assert.equal(await creates('create:integrations'), 201)

  const plain = await editor()
  const withMapping = await editor('create:data-memorialization')
  const withData = await editor('create:dynamic-data')
  const onlyMapping = await hub.newKey('create:data-memorialization', 'create:dynamic-data')
  const toContact = mapping('contact', [['description', 'voice', 'dispositionNotes']])
  const shown = { entities: [{ entity: 'contact', fields: [{ field: 'jobtitle' }] }] }
  const refused = await add('memorialization', toContact, { key: plain })
  assert.deepEqual([refused.status, refused.json.error.code], [403, 'auth.denied'])
  assert.match(refused.json.error.message, /create:data-memorialization/)
  assert.equal((await add('memorialization', toContact, { key: withData })).status, 403)
  assert.equal((await add('memorialization', toContact, { key: onlyMapping })).status, 403)
  assert.equal((await add('dynamic_data', shown, { key: withMapping })).status, 403)
  assert.equal((await add('dynamic_data', shown, { key: withData })).status, 201)
  assert.equal((await add('search', { by: 'caller' }, { key: plain })).status, 201)

  const made = await add('memorialization', toContact, { key: withMapping })
  assert.equal(made.status, 201)
  const path = `/parts/${made.json.id}`
  assert.equal((await ask(path, { method: 'DELETE', key: plain })).status, 403)
  assert.equal((await ask(`${path}/twin`, { method: 'POST', key: plain })).status, 403)
  const part = { kind: 'search', name: 'x', definition: { by: 'caller' } }
  assert.equal((await ask(path, { method: 'PUT', key: plain, json: { version: 1, part } })).status, 403)
  assert.equal((await ask(path, { method: 'PATCH', key: plain, json: {} })).status, 404)

  const reader = await hub.newKey('read:status')
  for (const read of ['', '/parts', path, '/fields', '/rights', '/agent-workflows']) {
    assert.equal((await ask(read, { key: reader })).status, 200, read)
    assert.equal((await ask(read, { key: onlyMapping })).status, 403, read)
  }
})

test('The command line lists configurations, and ends with 3 when one needs attention', async (t) => {
  const { hub, connection, id } = await configured(t)
  const environment = { JACKFIELD_URL: hub.url, JACKFIELD_KEY: await hub.newKey('read:status') }
  const well = await jackfield(['desktop', 'configurations'], environment)
  assert.equal(well.code, 0, well.stderr)
  assert.match(well.stdout, /Service desk +Contoso \(dynamics\) +active +0 parts, 0 agent workflows/)
  await hub.ask(`/api/v1/connections/${connection}`, { method: 'PATCH', json: { state: 'paused' } })
  const waiting = await jackfield(['desktop', 'configurations', '--json'], environment)
  assert.deepEqual([waiting.code, waiting.last.configurations[0].id], [3, id])
  assert.match((await jackfield(['desktop', 'configurations'], environment)).stdout, /Resume the connection/)
})

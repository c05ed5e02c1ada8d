import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jackfield } from '../cli/command-line.ts'
import { startSalesforceWorld } from '../simulators/salesforce-world.ts'
import { connectBody, serveHub, startSimulator } from './served-hub.ts'

test('The consent to the field for keys is given later, told by table, and given once more after it was shown', async (t) => {
  const world = await startSalesforceWorld({ records: 10, others: 0, seed: 6, settings: { captured: null } })
  t.after(() => world.running.close())
  const { url, clientId, clientSecret } = world.running
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: new URL(url).host } })
  const authentication = { settings: { clientId, loginUrl: url }, secret: clientSecret }
  const { json: made } = await hub.ask('/api/v1/connections', { json: { crm: 'salesforce', url, authentication } })
  const path = `/api/v1/connections/${made.id}/key-fields`
  const states = (fields: { tables: { entity: string; state: string; problem: { code: string } | null }[] }) =>
    Object.fromEntries(fields.tables.map(({ entity, state, problem }) => [entity, problem?.code ?? state]))

  const { json: before } = await hub.ask(path)
  assert.deepEqual([before.isNeeded, before.isConsented], [true, false])
  assert.deepEqual(states(before), { account: 'missing', contact: 'missing', user: 'missing' })
  const reader = await hub.newKey('read:status')
  assert.equal((await hub.ask(path, { key: reader })).status, 200)
  assert.equal((await hub.ask(path, { key: reader, method: 'POST' })).status, 403)

  await world.control('POST', '/settings', { mayDeploy: false })
  const refused = await hub.ask(path, { method: 'POST' })
  assert.equal(refused.status, 200, refused.text)
  assert.deepEqual(new Set(Object.values(states(refused.json))), new Set(['crm.privilege_missing']))

  // A field that the Tooling API makes is shown to nobody until a permission set says so.
  await world.control('POST', '/settings', { mayDeploy: true, hidden: { Account: ['Jackfield_Id__c'] } })
  const { json: hidden } = await hub.ask(path, { method: 'POST' })
  assert.equal(hidden.isConsented, true)
  assert.deepEqual(states(hidden), { account: 'hidden', contact: 'there', user: 'there' })
  assert.equal(states((await hub.ask(path)).json).account, 'missing')

  await world.control('POST', '/settings', { hidden: { Contact: ['Jackfield_Id__c'] } })
  const { json: shown } = await hub.ask(path, { method: 'POST' })
  assert.deepEqual(states(shown), { account: 'there', contact: 'hidden', user: 'there' }, 'each is looked at again')

  const environment = { JACKFIELD_URL: hub.url, JACKFIELD_KEY: await hub.newKey('read:status', 'edit:integrations') }
  const command = (...args: string[]) => jackfield(['key-fields', made.id, ...args], environment)
  const lacking = await command('--consent')
  assert.equal(lacking.code, 3, lacking.stderr)
  assert.match(lacking.stdout, /account: ✓ there\ncontact: ✗ made, and the hub’s user may not read and edit it/)
  await world.control('POST', '/settings', { hidden: {} })
  assert.equal((await command('--consent')).code, 0)
  const { code, last } = await command('--json')
  assert.deepEqual([code, states(last.keyFields).contact], [0, 'there'])
})

test('A CRM that takes ids from the hub needs no such field', async (t) => {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator })
  const { json: made } = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  const path = `/api/v1/connections/${made.id}/key-fields`
  assert.deepEqual((await hub.ask(path)).json, { isNeeded: false, isConsented: false, tables: [] })
  assert.equal((await hub.ask(path, { method: 'POST' })).status, 400)
})

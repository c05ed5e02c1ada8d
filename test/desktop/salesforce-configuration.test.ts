import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveHub } from '../server/served-hub.ts'
import { startSalesforceWorld } from '../simulators/salesforce-world.ts'
import { mapping } from './configured.ts'

test('A configuration of Salesforce has the same parts, by that CRM’s own names', async (t) => {
  const world = await startSalesforceWorld({ records: 5, others: 2, seed: 6 })
  t.after(() => world.running.close())
  const { url, clientId, clientSecret } = world.running
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: new URL(url).host } })
  const authentication = { settings: { clientId, loginUrl: url }, secret: clientSecret }
  const connection = { crm: 'salesforce', url, name: 'Contoso', authentication }
  const { id: connectionId } = (await hub.ask('/api/v1/connections', { json: connection })).json
  const made = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId } })
  assert.equal(made.status, 201, made.text)
  const ask = (path: string, json?: unknown) =>
    hub.ask(`/api/v1/crm-configurations/${made.json.id}${path}`, json === undefined ? {} : { json })
  const add = (kind: string, name: string, definition: unknown) => ask('/parts', { kind, name, definition })

  const workflow = await ask('/agent-workflows', { name: 'All', definition: {} })
  assert.equal(workflow.json.definition.timeline.entity, 'phone_call')
  const calls = await add('memorialization', 'Calls', mapping('contact', [['Description', 'voice', 'transcript']]))
  assert.equal(calls.status, 201, calls.text)
  const refused = await add('memorialization', 'Names', mapping('contact', [['Email', 'voice', 'agentName']]))
  assert.deepEqual([refused.status, refused.json.error.field], [400, 'Email'])

  const fields = (given: Record<string, string>) => Object.entries(given).map(([field, value]) => ({ field, value }))
  const caller = await add('create', 'Caller', { entity: 'contact', fields: fields({ LastName: '{ani}' }) })
  assert.equal(caller.status, 201, caller.text)
  const { status } = await add('create', 'Case', { entity: 'incident', fields: fields({ Subject: 'Call of {ani}' }) })
  assert.equal(status, 201)
  const extra = await add('create', 'More', {
    entity: 'contact',
    fields: fields({ LastName: 'x', HasOptedOutOfFax: 'yes' }),
  })
  assert.equal(extra.status, 400)

  const { rights } = (await ask('/rights')).json
  const contact = rights.find(
    (one: { entity: string; right: string }) => one.entity === 'contact' && one.right === 'write',
  )
  assert.deepEqual([contact.table, contact.state, contact.neededBy], ['Contact', 'unknown', ['Calls']])
})

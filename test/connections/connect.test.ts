import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckStep } from '#connectors/connector.ts'
import { listTables } from '#records/table.ts'
import { inputFor, startCrm, startHub } from './hub.ts'

test('connects an organisation from its address and credentials, and calls it', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const steps: CheckStep[] = []
  const input = inputFor(crm, { url: `${crm.url}/main.aspx?appid=1`, tenant: '' })
  const connection = await hub.connections.connect(input, (step) => void steps.push(step))
  assert.equal(connection.state, 'active')
  assert.equal(connection.url, crm.url)
  assert.deepEqual(
    steps.map((step) => step.check).filter((check, at, all) => all.indexOf(check) === at),
    ['address', 'dns', 'tls', 'tenant', 'client', 'secret', 'consent', 'user', 'table'],
  )
  assert.ok(
    steps.every((step) => step.ok),
    JSON.stringify(steps.filter((step) => !step.ok)),
  )
  const tables = await listTables(hub.pool, connection.id)
  const contact = tables.find((table) => table.entity === 'contact')
  assert.ok(contact?.enabled)
  assert.ok(contact.columns.includes('contactid') && contact.columns.includes('mobilephone'))
  assert.ok(contact.columns.every((name) => contact.source.fields.some((field) => field.name === name)))
  const session = await hub.connections.session(connection.id)
  const reply = await session.call('/api/data/v9.2/WhoAmI', { lane: 'person', retry: 'safe' })
  assert.equal(reply.status, 200)
  assert.equal(JSON.parse(reply.text).OrganizationId.toLowerCase(), connection.organisation)
})

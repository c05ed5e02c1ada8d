import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PushResult, PushState } from '#server/contract/pushes.ts'
import { startSalesforceWorld } from '../simulators/salesforce-world.ts'
import { serveHub, until } from './served-hub.ts'

const json = { 'content-type': 'application/json' }

test('a push is installed and tried, and from then on changes come by it, also as outbound messages', async (t) => {
  // Without Change Data Capture, so that nothing but the push can be faster than the schedule.
  const settings = { captured: null }
  const world = await startSalesforceWorld({ records: 30, others: 2, seed: 6, settings })
  t.after(() => world.running.close())
  const { url, clientId, clientSecret } = world.running
  const host = new URL(url).host
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: host } })
  const authentication = { settings: { clientId, loginUrl: url }, secret: clientSecret }
  const made = await hub.ask('/api/v1/connections', {
    json: { crm: 'salesforce', url, name: 'Contoso', authentication },
  })
  assert.equal(made.status, 201, made.text)
  const { id } = made.json
  const { pool } = hub.hub
  const held = async (sourceId: string) => {
    const query = `select name as text from jackfield.record where source_id = $1 and deleted_at is null`
    return (await pool.query<{ text: string }>(query, [sourceId])).rows[0]?.text
  }
  await until('the first copy', async () => {
    const query = 'select from jackfield.synced_table where enabled and first_pass_at is null'
    return (await pool.query(query)).rowCount === 0
  })
  await pool.query(
    `update jackfield.synced_table set schedule_seconds = 86400, next_pass_at = now() + interval '1 day'`,
  )

  const before = (await hub.ask(`/api/v1/connections/${id}/push`)).json as PushState
  assert.deepEqual([before.installable, before.installed, before.address], [true, null, `${hub.url}/hooks/crm/${id}`])
  const reader = await hub.newKey('read:status', 'read:records', 'manage:sync')
  assert.equal((await hub.ask(`/api/v1/connections/${id}/push`, { key: reader })).status, 200)
  for (const [path, init] of [
    ['push', { json: { act: 'install' } }],
    ['push/package', {}],
    ['push/address', {}],
  ] as const) {
    assert.equal((await hub.ask(`/api/v1/connections/${id}/${path}`, { ...init, key: reader })).status, 403, path)
  }
  await until('the line’s refusal', async () => {
    const state = (await hub.ask(`/api/v1/connections/${id}/push`)).json as PushState
    return state.listener?.state === 'not_offered' && state.listener.problem?.code === 'push.not_offered'
  })
  const installed = await hub.ask(`/api/v1/connections/${id}/push`, { json: { act: 'install' } })
  assert.equal(installed.status, 200, installed.text)
  const { ok, steps } = installed.json as PushResult
  assert.equal(ok, true, JSON.stringify(steps))
  assert.equal(steps.at(-1)!.message, 'The test event has come in')
  assert.ok(steps.at(-1)!.ms! > 0)
  const after = (await hub.ask(`/api/v1/connections/${id}/push`)).json as PushState
  assert.ok(after.installed?.tables.includes('Contact'))
  assert.deepEqual([after.installed?.isCurrent, after.installed?.missing], [true, []])
  const leads = `/api/v1/connections/${id}/tables/lead`
  assert.equal((await hub.ask(leads, { method: 'PATCH', body: '{"enabled":true}', headers: json })).status, 200)
  const stale = (await hub.ask(`/api/v1/connections/${id}/push`)).json as PushState
  assert.deepEqual([stale.installed?.isCurrent, stale.installed?.missing], [false, ['lead']])

  const [contact] = await world.records({
    entity: 'Contact',
    operation: 'create',
    fields: { LastName: 'Told by Apex' },
  })
  await until('the contact', async () => (await held(contact!.id))?.includes('Told by Apex'))

  const forged = await hub.ask(`/hooks/crm/${id}`, {
    key: null,
    method: 'POST',
    body: '{}',
    headers: {
      'webhook-id': 'aaaaaaaaaaaa',
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': 'v1,AAAA',
    },
  })
  assert.equal(forged.status, 401)

  const [former, address] = [await hub.hub.connections.webhookSecret(id), `/api/v1/connections/${id}/push/address`]
  const formerAddress = ((await hub.ask(address)).json as { url: string }).url
  const renewed = await hub.ask(`/api/v1/connections/${id}/push`, { json: { act: 'renew' } })
  // The door has just refused by the former secret, which it would remember for a while.
  assert.equal((renewed.json as PushResult).ok, true, renewed.text)
  assert.notEqual(await hub.hub.connections.webhookSecret(id), former)
  const current = (await hub.ask(`/api/v1/connections/${id}/push`)).json as PushState
  assert.deepEqual([current.installed?.isCurrent, current.installed?.missing], [true, []])

  await world.control('POST', '/faults', { kind: 'test-failed', match: 'POST' })
  const kept = await hub.hub.connections.webhookSecret(id)
  assert.equal((await hub.ask(`/api/v1/connections/${id}/push`, { json: { act: 'renew' } })).status, 409)
  assert.equal(await hub.hub.connections.webhookSecret(id), kept, 'what stands in Salesforce still counts')

  const removed = await hub.ask(`/api/v1/connections/${id}/push`, { json: { act: 'remove' } })
  assert.equal((removed.json as PushResult).ok, true, removed.text)
  const { url: messages } = (await hub.ask(address)).json as { url: string }
  assert.notEqual(messages, formerAddress)
  await world.control('POST', '/outbound', { object: 'Account', url: messages, fields: ['Id', 'Name'] })
  await world.control('POST', '/faults', { kind: 'webhook-double' })
  const pushesKept = async () => (await pool.query('select from jackfield.hint_seen where pushed')).rowCount!
  const keptBefore = await pushesKept()
  const [account] = await world.records({ entity: 'Account', operation: 'create', fields: { Name: 'Told by message' } })
  await until('the account', async () => (await held(account!.id))?.includes('Told by message'))
  await until('the push is kept', async () => (await pushesKept()) > keptBefore)
  assert.equal(await pushesKept(), keptBefore + 1)
  assert.deepEqual((await world.control('GET', '/webhooks')).failures, [])
  const zip = await hub.ask(`/api/v1/connections/${id}/push/package`)
  assert.deepEqual([zip.status, zip.headers.get('content-type'), zip.text.slice(0, 2)], [200, 'application/zip', 'PK'])
})

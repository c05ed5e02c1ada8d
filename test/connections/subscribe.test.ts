import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '#core/clock.ts'
import type { HubError } from '#core/errors.ts'
import type { RunningDynamics } from '../../simulators/dynamics/server.ts'
import { addFault } from '../../simulators/exchange/faults.ts'
import { resetLog } from '../../simulators/exchange/request-log.ts'
import { inputFor, startCrm, startHub } from './hub.ts'

function rowsOf(crm: RunningDynamics, table: string) {
  const rows = [...crm.simulator.org.tables.get(table)!.entries.values()].filter((row) => !row.deleted)
  return rows.map((row) => row.fields)
}

test('the push is registered once, follows tables and address, and goes with the connection', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  assert.equal(await hub.connections.webhookSecret(id), null)
  const webhook = await hub.connections.ensureSubscription(id, 'http://hub.example:8080/')
  assert.equal(webhook?.url, `http://hub.example:8080/hooks/crm/${id}`)
  assert.equal(webhook.problem, undefined)
  const [endpoint, ...more] = rowsOf(crm, 'serviceendpoint')
  assert.equal(more.length, 0)
  assert.equal(endpoint?.url, webhook.url)
  const secret = await hub.connections.webhookSecret(id)
  assert.ok(secret && secret.length >= 40)
  const steps = rowsOf(crm, 'sdkmessageprocessingstep').length
  assert.ok(steps >= 4)

  resetLog(crm.simulator.log)
  await hub.process().ensureSubscription(id, 'http://hub.example:8080')
  assert.equal(crm.simulator.log.total, 0, 'what is registered is left alone')

  await hub.connections.setTable(id, 'contact', { enabled: false })
  await hub.connections.ensureSubscription(id, 'http://hub.example:8080')
  assert.ok(rowsOf(crm, 'sdkmessageprocessingstep').length < steps)
  await hub.connections.ensureSubscription(id, 'http://elsewhere.example')
  assert.equal(rowsOf(crm, 'serviceendpoint')[0]?.url, `http://elsewhere.example/hooks/crm/${id}`)
  assert.equal(await hub.connections.webhookSecret(id), secret, 'the secret stays')

  await hub.connections.remove(id)
  assert.equal(rowsOf(crm, 'serviceendpoint').length, 0)
  assert.equal(rowsOf(crm, 'sdkmessageprocessingstep').length, 0)
})

test('two processes that register at once make one registration', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  const both = [hub.connections, hub.process()]
  await Promise.all(both.map((one) => one.ensureSubscription(id, 'http://hub.example')))
  assert.equal(rowsOf(crm, 'serviceendpoint').length, 1)
})

test('missing rights to register are a warning, and tried again later', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  addFault(crm.simulator.faults, {
    kind: 'privilege-lost',
    entity: 'serviceendpoint',
    match: 'serviceendpoints',
    times: 0,
  })
  const webhook = await hub.connections.ensureSubscription(id, 'http://hub.example')
  assert.equal(webhook?.problem?.code, 'crm.privilege_missing')
  assert.ok(webhook.problem.mend)
  assert.equal((await hub.connections.find(id)).state, 'active')
  crm.simulator.faults.list = []
  resetLog(crm.simulator.log)
  await hub.connections.ensureSubscription(id, 'http://hub.example')
  assert.equal(crm.simulator.log.total, 0, 'not at every turn')
  const clock = { ...systemClock, now: () => systemClock.now() + 3_600_000 }
  const later = await hub.process({ clock }).ensureSubscription(id, 'http://hub.example')
  assert.equal(later?.problem, undefined)
})

test('a CRM that is away does not hold up the removal of its connection', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  await hub.connections.ensureSubscription(id, 'http://hub.example')
  addFault(crm.simulator.faults, { kind: 'drop', times: 0, match: 'serviceendpoints' })
  addFault(crm.simulator.faults, { kind: 'drop', times: 0, match: 'sdkmessage' })
  assert.equal((await hub.connections.remove(id)).state, 'removed')
  await assert.rejects(hub.connections.session(id), (error: HubError) => error.code === 'connection.not_ready')
})

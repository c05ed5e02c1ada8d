import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import type { CrmSession } from '#connectors/call.ts'
import type { InstallStep, InstallTarget } from '#connectors/installer.ts'
import type { PushedRequest } from '#connectors/push.ts'
import { installer } from '#connectors/salesforce/installer.ts'
import { isGenuine, readEvents } from '#connectors/salesforce/pushes.ts'
import { until } from '../simulators/ask.ts'
import { type SalesforceWorld, startSalesforceWorld } from '../simulators/salesforce-world.ts'
import { sessionOf } from './salesforce-session.ts'

const connectionId = '1a2b3c4d-0000-4000-8000-000000000000'
const secret = Buffer.alloc(32, 5).toString('base64url')
let world: SalesforceWorld
let hub: Server
let session: CrmSession
let target: InstallTarget
const heard: PushedRequest[] = []

before(async () => {
  world = await startSalesforceWorld({ records: 40, others: 3, seed: 8 })
  hub = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { headers } = request
    heard.push({ headers, query: {}, path: [], settings: {}, at: Date.now(), body: Buffer.concat(chunks) })
    response.end('{}')
  })
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  session = sessionOf(world)
  const hubUser = world.running.simulator.org.integrationUser
  const url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hooks/crm/${connectionId}`
  target = { connectionId, url, secret, hubUser, tables: ['Contact', 'Account'] }
})
after(async () => {
  await world.running.close()
  hub.close()
  hub.closeAllConnections()
})
beforeEach(() => {
  heard.length = 0
})

async function stepsOf(steps: AsyncIterable<InstallStep>): Promise<{ steps: InstallStep[]; error: unknown }> {
  const made: InstallStep[] = []
  try {
    for await (const step of steps) made.push(step)
    return { steps: made, error: null }
  } catch (error) {
    return { steps: made, error }
  }
}

const installed = async () =>
  ((await world.control('GET', '/installed')).components as { type: string; fullName: string }[])
    .map(({ fullName }) => fullName)
    .toSorted()

test('a check alone leaves nothing there; failing tests and missing coverage are named, and nothing is left either', async () => {
  const checked = await stepsOf(installer.install(session, target, { checkOnly: true }))
  assert.equal(checked.error, null)
  assert.deepEqual([checked.steps[0]!.step, checked.steps.at(-1)!.step], ['names', 'done'])
  await world.control('POST', '/faults', { kind: 'test-failed', match: 'POST' })
  const failing = await stepsOf(installer.install(session, target))
  assert.match(String(failing.error), /JackfieldPushTest_1a2b3c4d\.sends: System\.AssertException/)
  assert.equal((failing.error as { code: string }).code, 'push.not_installed')
  await world.control('POST', '/faults', { kind: 'coverage', match: 'POST' })
  const bare = await stepsOf(installer.install(session, target))
  assert.ok(bare.steps.some(({ ok, message }) => !ok && /at least 75% test coverage/.test(message)))
  const unknown = await stepsOf(installer.install(session, { ...target, tables: ['Nothing__c'] }))
  assert.match(String(unknown.error), /triggers\/JackfieldOnNothing_\w+\.trigger, line 1: sObject type 'Nothing__c'/)
  assert.deepEqual(await installed(), [])
})

test('who may not deploy is told so, and what to do', async () => {
  await world.control('POST', '/settings', { mayDeploy: false })
  const { error } = await stepsOf(installer.install(session, target))
  assert.equal((error as { code: string }).code, 'crm.privilege_missing')
  await world.control('POST', '/settings', { mayDeploy: true })
})

test('a deployment that is cancelled ends in Salesforce too', async () => {
  await world.control('POST', '/settings', { deployStateMs: 2_000 })
  const stop = new AbortController()
  const steps: InstallStep[] = []
  await assert.rejects(
    async () => {
      for await (const step of installer.install(session, target, { signal: stop.signal })) {
        steps.push(step)
        if (step.step === 'sent') stop.abort()
      }
    },
    { code: 'push.not_installed', message: /cancelled/ },
  )
  await world.control('POST', '/settings', { deployStateMs: 20 })
  assert.deepEqual(await installed(), [])
})

test('what is deployed tells changes of others, signed, in one event for many, and none of the hub’s own', async () => {
  const { error } = await stepsOf(installer.install(session, target))
  assert.equal(error, null)
  const made = await world.records(
    [1, 2, 3].map((n) => ({ entity: 'Contact', operation: 'create', fields: { LastName: `Pushed ${n}` } })),
  )
  await until('the push', () => heard.length === 1)
  const [push] = heard as [PushedRequest]
  assert.equal(isGenuine(push, secret), true)
  assert.equal(isGenuine(push, Buffer.alloc(32, 6).toString('base64url')), false)
  const events = readEvents(push)
  assert.deepEqual(
    events.map(({ sourceId, table, operation }) => [sourceId, table, operation]),
    made.map(({ id }) => [id, 'Contact', 'AFTER_INSERT']),
  )
  assert.equal(events[0]!.organisation, world.running.simulator.org.id)
  await world.conn.sobject('Contact').update({ Id: made[0]!.id, LastName: 'By the hub' })
  await world.records({ entity: 'Contact', operation: 'delete', id: made[1]!.id })
  await until('the delete', () => heard.length === 2)
  assert.equal(readEvents(heard[1]!)[0]!.operation, 'AFTER_DELETE')
  assert.deepEqual((await world.control('GET', '/webhooks')).failures, [])
})

test('a test event comes when the hub asks for one, where its user may run Apex', async () => {
  assert.equal(await installer.ping(session, connectionId, 'feedfacefeedface'), true)
  await until('the test event', () => heard.length === 1)
  assert.equal(isGenuine(heard[0]!, secret), true)
  assert.deepEqual(readEvents(heard[0]!), [
    {
      organisation: world.running.simulator.org.id,
      operation: 'TEST',
      eventKey: `${world.running.simulator.org.id}/feedfacefeedface`,
      table: '',
      sourceId: 'feedfacefeedface',
    },
  ])
  await world.control('POST', '/settings', { mayExecuteApex: false })
  assert.equal(await installer.ping(session, connectionId, 'feedfacefeedface'), false)
  await world.control('POST', '/settings', { mayExecuteApex: true })
})

test('fewer objects take their triggers away; a name that another has stops it; removal leaves nothing', async () => {
  assert.equal((await stepsOf(installer.install(session, { ...target, tables: ['Account'] }))).error, null)
  assert.deepEqual(
    (await installed()).filter((name) => name.startsWith('JackfieldOn')),
    ['JackfieldOnAccount_1a2b3c4d'],
  )
  const other = '1a2b3c4d-0000-4000-8000-00000000000f'
  const taken = await stepsOf(installer.install(session, { ...target, connectionId: other }))
  assert.equal((taken.error as { code: string }).code, 'push.name_taken')
  assert.equal((await stepsOf(installer.remove(session, connectionId))).error, null)
  assert.deepEqual(await installed(), [])
})

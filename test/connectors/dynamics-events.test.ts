import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CrmEvent } from '#connectors/push.ts'
import { connectorOf } from '#connectors/registry.ts'
import { type DynamicsTest, startDynamicsTest } from './dynamics-world.ts'

const dynamics = connectorOf('dynamics')
const secret = 'k3y/with+odd=chars'
const connectionId = '0198b5a2-7c7e-7000-8000-000000000001'

interface Ear {
  url: string
  heard: { event: CrmEvent; code: string | null }[]
  close(): Promise<void>
}

/** Takes what the organisation pushes, as the hub's own door does. */
async function listen(): Promise<Ear> {
  const heard: Ear['heard'] = []
  const server: Server = createServer((message, response) => {
    const parts: Buffer[] = []
    message.on('data', (part: Buffer) => parts.push(part))
    message.on('end', () => {
      const code = new URL(message.url ?? '/', 'http://hub').searchParams.get('code')
      const head = { headers: message.headers, query: { code }, path: [], settings: {}, at: Date.now() }
      for (const event of dynamics.readEvents({ ...head, body: Buffer.concat(parts) })) heard.push({ event, code })
      response.writeHead(202).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/crm/${connectionId}`,
    heard,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 600, 'what was waited for did not come')
    await sleep(50)
  }
}

async function withEar(run: (world: DynamicsTest, ear: Ear) => Promise<void>): Promise<void> {
  const [world, ear] = await Promise.all([startDynamicsTest(), listen()])
  try {
    await run(world, ear)
  } finally {
    await world.close()
    await ear.close()
  }
}

const liveRows = (world: DynamicsTest, table: string) =>
  [...world.sim.simulator.org.tables.get(table)!.entries.values()].filter((row) => !row.deleted)

test('creates, updates and deletes are pushed with the secret, and read', () =>
  withEar(async (world, ear) => {
    const subscription = await dynamics.subscribe(world.session, ['contact', 'account'], { url: ear.url, secret })
    assert.equal(subscription.url, ear.url)
    assert.equal(subscription.stepIds.length, 6)
    const made = (await world.post('records', {
      entity: 'contact',
      operation: 'create',
      fields: { lastname: 'Pushed' },
    })) as { id: string }
    await world.post('records', { entity: 'contact', operation: 'change', id: made.id, fields: { lastname: 'Again' } })
    await world.post('records', { entity: 'contact', operation: 'delete', id: made.id })
    await until(() => ear.heard.length >= 3)
    assert.deepEqual(ear.heard.map(({ event }) => event.operation).sort(), ['Create', 'Delete', 'Update'])
    for (const { event, code } of ear.heard) {
      assert.equal(code, secret)
      assert.equal(event.organisation, world.sim.simulator.org.id)
      assert.equal(event.table, 'contact')
      assert.equal(event.sourceId, made.id)
    }
    assert.equal(new Set(ear.heard.map(({ event }) => event.eventKey)).size, 3)
  }))

test('the same event delivered twice has one key, and a body above 256 KB is still read', () =>
  withEar(async (world, ear) => {
    await dynamics.subscribe(world.session, ['appointment'], { url: ear.url, secret })
    await world.post('faults', { kind: 'webhook-double' })
    const fields = { subject: 'Large', description: 'x'.repeat(400_000) }
    await world.post('records', { entity: 'appointment', operation: 'create', fields })
    await until(() => ear.heard.length >= 2)
    assert.equal(ear.heard[0]!.event.eventKey, ear.heard[1]!.event.eventKey)
    assert.equal(ear.heard[0]!.event.table, 'appointment')
  }))

test('registering again changes nothing that is right', () =>
  withEar(async (world, ear) => {
    const first = await dynamics.subscribe(world.session, ['contact'], { url: ear.url, secret })
    const again = await dynamics.subscribe(world.session, ['contact'], { url: ear.url, secret })
    assert.deepEqual({ ...again, stepIds: again.stepIds.sort() }, { ...first, stepIds: first.stepIds.sort() })
    assert.equal(liveRows(world, 'serviceendpoint').length, 1)
    assert.equal(liveRows(world, 'sdkmessageprocessingstep').length, 3)
  }))

test('what drifted is mended: address, secret, switched off or doubled steps, other tables', () =>
  withEar(async (world, ear) => {
    const old = { url: `http://old.example/hooks/crm/${connectionId}`, secret: 'old' }
    const first = await dynamics.subscribe(world.session, ['contact', 'lead'], old)
    const [off, narrowed, synchronous] = first.stepIds
    const entity = 'sdkmessageprocessingstep'
    const change = (id: string | undefined, fields: object) =>
      world.post('records', { entity, operation: 'change', id, fields })
    await change(off, { statecode: 1, statuscode: 2 })
    await change(narrowed, { filteringattributes: 'lastname' })
    await change(synchronous, { mode: 0 })
    const { fields } = world.sim.simulator.org.tables.get(entity)!.entries.get(off!)!
    await world.post('records', { entity, operation: 'create', fields })

    const mended = await dynamics.subscribe(world.session, ['contact', 'account'], { url: ear.url, secret })
    assert.equal(mended.endpointId, first.endpointId)
    const endpoint = liveRows(world, 'serviceendpoint')[0]!.fields
    assert.deepEqual([endpoint.url, endpoint.authtype, endpoint.authvalue], [ear.url, 4, secret])
    const steps = liveRows(world, entity)
    assert.deepEqual(steps.map(({ id }) => id).sort(), mended.stepIds.sort())
    assert.equal(steps.length, 6)
    for (const { fields } of steps) {
      assert.deepEqual(
        [fields.stage, fields.mode, fields.statecode, fields.filteringattributes ?? null],
        [40, 1, 0, null],
      )
    }
  }))

test('what others registered is left alone, and ours is taken away whole', () =>
  withEar(async (world, ear) => {
    const foreign = { name: 'Someone else', url: 'https://other.example/', contract: 8, authtype: 4 }
    await world.post('records', { entity: 'serviceendpoint', operation: 'create', fields: foreign })
    const subscription = await dynamics.subscribe(world.session, ['contact'], { url: ear.url, secret })
    assert.equal(liveRows(world, 'serviceendpoint').length, 2)
    await dynamics.unsubscribe(world.session, subscription)
    assert.deepEqual(
      liveRows(world, 'serviceendpoint').map(({ fields }) => fields.name),
      ['Someone else'],
    )
    assert.equal(liveRows(world, 'sdkmessageprocessingstep').length, 0)
    await dynamics.unsubscribe(world.session, subscription)
  }))

test('a missing right to register is named', () =>
  withEar(async (world, ear) => {
    await world.post('settings', { denied: { serviceendpoint: ['Create'] } })
    await assert.rejects(dynamics.subscribe(world.session, ['contact'], { url: ear.url, secret }), {
      code: 'crm.privilege_missing',
      message: /prvCreateserviceendpoint/i,
    })
  }))

test('messages that take no steps of others are passed over', () =>
  withEar(async (world, ear) => {
    const ofTable = liveRows(world, 'sdkmessagefilter').filter(({ fields }) => fields.primaryobjecttypecode === 'team')
    for (const { id } of ofTable) {
      const fields = { iscustomprocessingstepallowed: false }
      await world.post('records', { entity: 'sdkmessagefilter', operation: 'change', id, fields })
    }
    const { stepIds } = await dynamics.subscribe(world.session, ['team'], { url: ear.url, secret })
    assert.deepEqual(stepIds, [])
  }))

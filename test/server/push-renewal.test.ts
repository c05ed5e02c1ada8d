import assert from 'node:assert/strict'
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { PushResult, PushState } from '#server/contract/pushes.ts'
import { type SalesforceWorld, startSalesforceWorld } from '../simulators/salesforce-world.ts'
import type { TestScope } from '../support/database.ts'
import { type ServedHub, type ServeOptions, serveHub, until } from './served-hub.ts'

interface Scene {
  world: SalesforceWorld
  hub: ServedHub
  id: string
  /** The key with which the class that stands in Salesforce signs, in base64. */
  keyInSalesforce(): Promise<string>
  /** The same hub after its process ended. */
  restarted(): Promise<ServedHub>
}

/** A connected organisation that has the push installed, and no worker. */
async function installedScene(t: TestScope): Promise<Scene> {
  const world = await startSalesforceWorld({ records: 10, others: 0, seed: 6, settings: { captured: null } })
  t.after(() => world.running.close())
  const { url, clientId, clientSecret } = world.running
  const environment = {
    JACKFIELD_ALLOW_HOSTS: new URL(url).host,
    JACKFIELD_MASTER_KEY: randomBytes(32).toString('hex'),
  }
  const hub = await serveHub(t, { environment })
  const authentication = { settings: { clientId, loginUrl: url }, secret: clientSecret }
  const made = await hub.ask('/api/v1/connections', {
    json: { crm: 'salesforce', url, name: 'Contoso', authentication },
  })
  assert.equal(made.status, 201, made.text)
  const { id } = made.json
  await act(hub, id, 'install')
  const query = `select Name, Body from ApexClass where Name like 'JackfieldPush_%'`
  return {
    ...{ world, hub, id },
    async keyInSalesforce() {
      const { records } = await world.conn.query<{ Body: string }>(query)
      const key = records.map(({ Body }) => /'([A-Za-z0-9+/]{43}=)'/.exec(Body)?.[1]).find((found) => found)
      assert.ok(key, 'the class holds a key')
      return key
    },
    async restarted() {
      const options: ServeOptions = { databaseUrl: hub.databaseUrl, environment }
      await hub.close()
      return serveHub(t, options)
    },
  }
}

async function act(hub: ServedHub, id: string, what: string): Promise<void> {
  const { status, json, text } = await hub.ask(`/api/v1/connections/${id}/push`, { json: { act: what } })
  assert.deepEqual([status, (json as PushResult).ok], [200, true], text)
}

const stateOf = async (hub: ServedHub, id: string) =>
  ((await hub.ask(`/api/v1/connections/${id}/push`)).json as PushState).installed

/** What the class in Salesforce would post, signed by this key. */
async function pushed({ world, id }: Scene, hub: ServedHub, key: string): Promise<number> {
  const event = randomBytes(16).toString('hex')
  const body = JSON.stringify({
    ...{ version: 1, organisation: world.running.simulator.org.id, event },
    ...{ object: 'Contact', operation: 'AFTER_UPDATE', ids: ['003000000000001AAA'] },
  })
  const seconds = String(Math.floor(Date.now() / 1000))
  const mac = createHmac('sha256', Buffer.from(key, 'base64')).update(`${event}.${seconds}.${body}`).digest('base64')
  const headers = { 'webhook-id': event, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${mac}` }
  return (await hub.ask(`/hooks/crm/${id}`, { key: null, method: 'POST', body, headers })).status
}

/** Goes no further than this step, as where the process is killed there. */
async function renewUntil({ hub, id }: Scene, last: string): Promise<void> {
  for await (const { step } of hub.hub.connections.pushes.renew(id, hub.url, {})) if (step === last) return
  assert.fail(`There was no step ${last}`)
}

test('A hub that is killed after Salesforce took the new secret takes pushes by both, and heals', async (t) => {
  const scene = await installedScene(t)
  const { id } = scene
  const former = await scene.keyInSalesforce()
  await renewUntil(scene, 'done')
  const renewed = await scene.keyInSalesforce()
  assert.notEqual(renewed, former)
  const hub = await scene.restarted()
  assert.equal((await stateOf(hub, id))?.isCurrent, false, 'nobody knows how it ended')
  assert.equal(await pushed(scene, hub, former), 200, 'Salesforce may not have ended the deployment')
  assert.equal(await pushed(scene, hub, randomBytes(32).toString('base64')), 401)
  assert.equal(await pushed(scene, hub, renewed), 200)
  assert.equal(await pushed(scene, hub, former), 200, 'a push may have been under way')
  const now = Buffer.from((await hub.hub.connections.webhookSecret(id))!, 'base64url').toString('base64')
  assert.equal(now, renewed, 'a push by it has proven which one Salesforce has')
  await hub.hub.pool.query('update jackfield.connection set webhook_former_until = now()')
  await until('the former is refused', async () => (await pushed(scene, hub, former)) === 401)
  assert.equal(await pushed(scene, hub, renewed), 200)
})

test('A renewal that was cut short goes on with its secret when it is asked for again', async (t) => {
  const scene = await installedScene(t)
  const { hub, id, world } = scene
  const former = await scene.keyInSalesforce()
  await world.control('POST', '/settings', { deployStateMs: 2_000 })
  await renewUntil(scene, 'sent')
  assert.equal(await pushed(scene, hub, former), 200)
  assert.equal(await scene.keyInSalesforce(), former)
  await until('Salesforce has ended it', async () => (await scene.keyInSalesforce()) !== former)
  const renewed = await scene.keyInSalesforce()
  await world.control('POST', '/settings', { deployStateMs: 20 })
  await act(hub, id, 'install')
  assert.equal(await scene.keyInSalesforce(), renewed)
  assert.equal((await stateOf(hub, id))?.isCurrent, true)
  assert.equal(await pushed(scene, hub, renewed), 200)
})

test('Between Salesforce’s taking it and the hub’s hearing of that, pushes by both are taken; then the former’s time ends', async (t) => {
  const scene = await installedScene(t)
  const { hub, id } = scene
  const former = await scene.keyInSalesforce()
  // The door has just asked for the secret, and remembers it.
  assert.equal(await pushed(scene, hub, former), 200)
  for await (const { step } of hub.hub.connections.pushes.renew(id, hub.url, {})) {
    if (step !== 'done') continue
    assert.equal(await pushed(scene, hub, await scene.keyInSalesforce()), 200)
    assert.equal(await pushed(scene, hub, former), 200)
  }
  const state = await stateOf(hub, id)
  assert.equal(state?.isCurrent, true)
  await hub.hub.pool.query('update jackfield.connection set webhook_former_until = now()')
  await until('the former is refused', async () => (await pushed(scene, hub, former)) === 401)
})

test('Where Salesforce refuses the code, the new secret is void at once', async (t) => {
  const scene = await installedScene(t)
  const { hub, id, world } = scene
  const former = await scene.keyInSalesforce()
  await world.control('POST', '/faults', { kind: 'test-failed', match: 'POST' })
  const { status } = await hub.ask(`/api/v1/connections/${id}/push`, { json: { act: 'renew' } })
  assert.equal(status, 409)
  assert.equal((await stateOf(hub, id))?.isCurrent, true)
  const { rows } = await hub.hub.pool.query('select webhook_secret_next as next from jackfield.connection')
  assert.deepEqual(rows, [{ next: null }])
  assert.equal(await pushed(scene, hub, former), 200)
  assert.equal(await scene.keyInSalesforce(), former)
})

test('A connection that is removed keeps none of its secrets', async (t) => {
  const scene = await installedScene(t)
  const { hub, id } = scene
  const next = async () =>
    (await hub.hub.pool.query('select webhook_secret_next is null as gone from jackfield.connection')).rows[0].gone
  await renewUntil(scene, 'names')
  assert.equal(await next(), false)
  await act(hub, id, 'remove')
  assert.equal(await next(), true, 'no code is left that could sign with it')
  await act(hub, id, 'renew')
  await renewUntil(scene, 'names')
  assert.equal((await hub.ask(`/api/v1/connections/${id}`, { method: 'DELETE' })).status, 204)
  const { rows } = await hub.hub.pool.query(
    `select from jackfield.connection where num_nonnulls(webhook_secret, webhook_secret_next, webhook_secret_former) > 0`,
  )
  assert.equal(rows.length, 0)
  await until('its address is unknown', async () => (await pushed(scene, hub, randomUUID())) === 404)
})

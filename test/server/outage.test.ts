import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { type TestScope, testDatabase } from '../support/database.ts'
import { connectBody, serveHub, startSimulator, until } from './served-hub.ts'

/** A way to the database that can be cut and mended. */
async function cuttable(t: TestScope, databaseUrl: string) {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const destroy = () => {
    for (const socket of sockets) socket.destroy()
  }
  t.after(async () => {
    destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    cut() {
      whole = false
      destroy()
    },
    mend() {
      whole = true
    },
  }
}

test('While the database is away every door says when to come back, and nothing acknowledged is lost', async (t) => {
  const { url } = await testDatabase(t)
  const way = await cuttable(t, url)
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, databaseUrl: way.url })
  const { json: connection } = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  await hub.hub.connections.ensureSubscription(connection.id, hub.url)
  const secret = await hub.hub.connections.webhookSecret(connection.id)
  const event = () =>
    JSON.stringify({
      OrganizationId: connection.organisation,
      CorrelationId: randomUUID(),
      PrimaryEntityName: 'contact',
      PrimaryEntityId: randomUUID(),
      MessageName: 'Update',
      OperationCreatedOn: '/Date(1700000000000)/',
    })
  const post = () => hub.ask(`/hooks/crm/${connection.id}?code=${secret}`, { key: null, method: 'POST', body: event() })

  let accepted = 0
  const load = async () => {
    const { status, headers, json } = await post()
    if (status === 202) accepted += 1
    else {
      assert.equal(status, 503)
      assert.ok(Number(headers.get('retry-after')) >= 1)
      assert.equal(json.error.code, 'database.unavailable')
    }
    return status
  }
  for (let i = 0; i < 20; i++) await load()
  const underWay = Promise.all(Array.from({ length: 50 }, load))
  way.cut()
  await underWay
  assert.equal(await load(), 503)
  for (const path of ['/api/v1/status', '/api/v1/lookup?phone=%2B3247012345', '/api/v1/records', '/readyz']) {
    const reply = await hub.ask(path)
    assert.equal(reply.status, 503, path)
    assert.ok(Number(reply.headers.get('retry-after')) >= 1, path)
  }
  assert.equal((await hub.ask('/livez', { key: null })).status, 200)
  assert.equal((await hub.ask('/metrics', { key: null })).status, 200)

  way.mend()
  await until('the doors are open again', async () => (await load()) === 202)
  assert.equal((await hub.ask('/api/v1/status')).status, 200)
  assert.equal((await hub.ask('/readyz', { key: null })).status, 200)
  const { rows } = await hub.hub.pool.query<{ count: bigint }>('select count(*) from jackfield.hint')
  assert.ok(Number(rows[0]!.count) >= accepted, `${accepted} acknowledged, ${rows[0]!.count} kept`)
  // The first may be one that was under way while the database was away, and that wrote nothing.
  for (const _ of [1, 2]) await hub.hub.doorCounts.flush()
  const { json: status } = await hub.ask('/api/v1/status')
  const refusals = status.doors.find((line: { outcome: string }) => line.outcome === 'unavailable')
  assert.ok(refusals?.count > 0, 'refusals during the outage are counted after it')
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { TestScope } from '../support/database.ts'
import {
  connectBody,
  type Reply,
  type ServedHub,
  type Simulator,
  serveHub,
  startSimulator,
  until,
} from './served-hub.ts'

interface Door {
  hub: ServedHub
  simulator: Simulator
  connection: string
  organisation: string
  secret: string
  post(body: string, over?: { path?: string; secret?: string; headers?: Record<string, string> }): Promise<Reply>
  event(over?: Record<string, unknown>): string
  /** How today's requests went, once they are written. */
  counted(outcome: string): Promise<number>
}

/** A hub that is connected, with the push registered at the organisation, and no worker that would settle hints. */
async function openDoor(t: TestScope): Promise<Door> {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator })
  const made = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  assert.equal(made.status, 201, made.text)
  const { id: connection, organisation } = made.json
  await hub.hub.connections.ensureSubscription(connection, hub.url)
  const secret = (await hub.hub.connections.webhookSecret(connection))!
  return {
    ...{ hub, simulator, connection, organisation, secret },
    post: (body, over = {}) =>
      hub.ask(`${over.path ?? `/hooks/crm/${connection}`}?code=${encodeURIComponent(over.secret ?? secret)}`, {
        key: null,
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...over.headers },
      }),
    event: (over = {}) =>
      JSON.stringify({
        OrganizationId: organisation,
        CorrelationId: randomUUID(),
        PrimaryEntityName: 'contact',
        PrimaryEntityId: randomUUID(),
        MessageName: 'Update',
        OperationCreatedOn: '/Date(1700000000000)/',
        ...over,
      }),
    counted: async (outcome) => {
      // The first may be one that was under way, and that knows nothing of what was counted since it began.
      for (const _ of [1, 2]) await hub.hub.doorCounts.flush()
      const { json } = await hub.ask('/api/v1/status')
      const counts = json.doors.filter((line: { door: string; outcome: string }) => line.outcome === outcome)
      return counts.reduce((sum: number, line: { count: number }) => sum + line.count, 0)
    },
  }
}

const hints = async (hub: ServedHub) =>
  (await hub.hub.pool.query<{ source_id: string }>('select source_id from jackfield.hint order by id')).rows

test('An event is kept before it is answered, once, however often it is delivered', async (t) => {
  const door = await openDoor(t)
  const body = door.event()
  const first = await door.post(body)
  assert.equal(first.status, 202)
  assert.equal(first.text, '')
  assert.deepEqual(
    (await hints(door.hub)).map((hint) => hint.source_id),
    [JSON.parse(body).PrimaryEntityId],
  )
  for (let i = 0; i < 3; i++) assert.equal((await door.post(body)).status, 202)
  assert.equal((await hints(door.hub)).length, 1)
  assert.equal(await door.counted('kept'), 1)
  assert.equal(await door.counted('replayed'), 3)
})

test('What is not a push of this connection is refused, each in its own way, and counted', async (t) => {
  const door = await openDoor(t)
  const refused = async (reply: Promise<Reply>, status: number, code: string, outcome: string) => {
    const answer = await reply
    assert.equal(answer.status, status, `${outcome}: ${answer.text}`)
    assert.equal(answer.json.error.code, code)
    assert.ok((await door.counted(outcome)) > 0, `${outcome} is not counted`)
  }
  await refused(door.post(door.event(), { secret: 'wrong' }), 401, 'auth.required', 'wrong_secret')
  await refused(door.post(door.event(), { secret: '' }), 401, 'auth.required', 'wrong_secret')
  const unknown = { path: `/hooks/crm/${randomUUID()}` }
  await refused(door.post(door.event(), unknown), 404, 'connection.not_found', 'unknown_connection')
  await refused(door.post(door.event(), { path: '/hooks/crm/%00' }), 404, 'connection.not_found', 'unknown_connection')
  const large = door.event({ Padding: 'x'.repeat(1024 * 1024) })
  await refused(door.post(large), 413, 'input.too_large', 'too_large')
  for (const body of ['', '{', '[]', 'null', '"text"', '{"PrimaryEntityId":"1"}', `${door.event()}x`]) {
    await refused(door.post(body), 400, 'input.invalid', 'malformed')
  }
  await refused(door.post(door.event({ OrganizationId: randomUUID() })), 400, 'input.invalid', 'malformed')
  assert.equal((await hints(door.hub)).length, 0)
  assert.ok(!door.hub.lines.join('').includes(door.secret))
})

test('A secret that was made a second ago counts, though the door still remembers the old one', async (t) => {
  const door = await openDoor(t)
  assert.equal((await door.post(door.event())).status, 202)
  const secret = await door.hub.hub.connections.renewPushSecret(door.connection)
  await wait(600)
  assert.equal((await door.post(door.event(), { secret })).status, 202)
  assert.equal((await door.post(door.event(), { secret: door.secret })).status, 401)
})

test('The largest body that Dataverse sends is taken, and an unusual content type too', async (t) => {
  const door = await openDoor(t)
  assert.equal((await door.post(door.event({ Padding: 'x'.repeat(900_000) }))).status, 202)
  assert.equal((await door.post(door.event(), { headers: { 'content-type': 'text/plain' } })).status, 202)
})

test('A change of a table that is not copied is taken without effect', async (t) => {
  const door = await openDoor(t)
  assert.equal((await door.post(door.event({ PrimaryEntityName: 'annotation' }))).status, 202)
  assert.equal(await door.counted('not_copied'), 1)
  assert.equal((await hints(door.hub)).length, 0)
})

test('A body that is cut off keeps nothing', async (t) => {
  const door = await openDoor(t)
  const { port } = new URL(door.hub.url)
  const socket = connect(Number(port), '127.0.0.1')
  const body = door.event()
  const path = `/hooks/crm/${door.connection}?code=${door.secret}`
  socket.write(`POST ${path} HTTP/1.1\r\nhost: hub\r\ncontent-length: ${body.length + 10}\r\n\r\n${body}`)
  await new Promise<void>((resolve) => socket.write('', () => resolve()))
  socket.destroy()
  await new Promise((resolve) => socket.once('close', resolve))
  assert.equal((await door.post(door.event())).status, 202)
  assert.equal((await hints(door.hub)).length, 1)
})

test('A removed connection’s address is unknown within seconds', async (t) => {
  const door = await openDoor(t)
  assert.equal((await door.post(door.event())).status, 202)
  assert.equal((await door.hub.ask(`/api/v1/connections/${door.connection}`, { method: 'DELETE' })).status, 204)
  await until('it is refused', async () => (await door.post(door.event())).status === 404)
})

test('Many events at once are all kept, and what the organisation pushes ends in the hub', async (t) => {
  const door = await openDoor(t)
  const bodies = Array.from({ length: 500 }, () => door.event())
  const replies = await Promise.all(bodies.map((body) => door.post(body)))
  assert.ok(replies.every((reply) => reply.status === 202))
  assert.equal((await hints(door.hub)).length, 500)
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Connector } from '#connectors/connector.ts'
import { dynamics } from '#connectors/dynamics/connector.ts'
import type { Heard, Listen } from '#connectors/listener.ts'
import { listen } from '#connectors/salesforce/change-events.ts'
import { systemClock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import { silentLog } from '#core/log.ts'
import { createListeners } from '#sync/listen.ts'
import { findListener } from '#sync/listener-store.ts'
import { until } from '../simulators/ask.ts'
import { type SalesforceWorld, startSalesforceWorld } from '../simulators/salesforce-world.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { sessionOf } from './salesforce-session.ts'

let world: SalesforceWorld

before(async () => {
  world = await startSalesforceWorld({ records: 40, others: 3, seed: 9, settings: { connectTimeoutMs: 3_000 } })
})
after(() => world.running.close())

interface Line {
  heard: Heard[]
  agreed: number
  ids(): string[]
  error: unknown
  stop(): Promise<void>
}

function openLine(replay: string | null, keep?: (heard: Heard) => Promise<void>): Line {
  const stopping = new AbortController()
  const line: Line = {
    heard: [],
    agreed: 0,
    error: null,
    ids: () => line.heard.flatMap(({ events }) => events.map(({ sourceId }) => sourceId)),
    async stop() {
      stopping.abort()
      await ended
    },
  }
  const ended = listen(sessionOf(world), {
    tables: ['Contact', 'Account'],
    replay,
    signal: stopping.signal,
    async onListening() {
      line.agreed += 1
    },
    async onHeard(heard) {
      await keep?.(heard)
      line.heard.push(heard)
    },
  }).catch((error: unknown) => {
    line.error = error
  })
  return line
}

const change = async (entity: string, fields: object) =>
  (await world.records({ entity, operation: 'create', fields }))[0]!.id
const contact = () => change('Contact', { LastName: 'Heard' })
const fault = (kind: string) => world.control('POST', '/faults', { kind })

test('changes are heard, a gap as the record, an overflow as the table, the hub’s own not at all', async () => {
  const line = openLine(null)
  await until('the line', () => line.agreed === 1)
  const first = await contact()
  await until('the change', () => line.ids().includes(first))
  await fault('event-gap')
  const second = await contact()
  await until('the gap', () => line.ids().includes(second))
  assert.equal(line.heard.at(-1)!.events[0]!.operation, 'GAP_CREATE')
  await fault('event-overflow')
  await contact()
  await until('the overflow', () => line.heard.some(({ missed }) => missed.length > 0))
  assert.deepEqual(
    line.heard.flatMap(({ missed }) => missed.map(({ table }) => table)),
    ['Contact'],
  )
  const headers = { 'sforce-call-options': 'client=Jackfield' }
  const own = await world.ask('sobjects/Contact', { method: 'POST', body: { LastName: 'Own' }, headers })
  const call = await change('Task', { Subject: 'A call', Status: 'Completed', Priority: 'Normal', TaskSubtype: 'Call' })
  await until('the task', () => line.ids().includes(call))
  assert.equal(line.ids().includes((own.json as unknown as { id: string }).id), false)
  assert.deepEqual(
    line.heard.at(-1)!.events.map(({ table }) => table),
    ['Task', 'Task.Call'],
  )
  await line.stop()
  assert.equal(line.error, null)
})

test('ended sessions and revoked tokens cost nothing; what comes twice has one key', async () => {
  const line = openLine(null)
  await until('the line', () => line.agreed === 1)
  const first = await contact()
  await until('the first', () => line.ids().includes(first))
  await world.control('POST', '/streaming', { drop: true })
  const second = await contact()
  await until('what changed meanwhile', () => line.ids().includes(second))
  await world.control('POST', '/app', { revoke: true })
  await fault('event-double')
  const third = await contact()
  await until('what changed under a new token', () => line.ids().filter((id) => id === third).length === 2)
  const keys = line.heard.flatMap(({ events }) => events).filter(({ sourceId }) => sourceId === third)
  assert.equal(new Set(keys.map(({ eventKey }) => eventKey)).size, 1)
  await until('a session of the new token', () => line.agreed >= 3)
  await line.stop()
})

test('what was heard and could not be kept is heard again', async () => {
  const failing = openLine(null, () => Promise.reject(new Error('the disk is full')))
  await until('the line', () => failing.agreed === 1)
  const { streaming } = (await world.control('GET', '/')) as unknown as { streaming: { nextReplayId: number } }
  const made = await contact()
  await until('the end', () => failing.error !== null)
  const again = openLine(String(streaming.nextReplayId - 1))
  await until('the change', () => again.ids().includes(made))
  await again.stop()
})

test('a place that Salesforce no longer keeps leads to a comparison of all, and on', async () => {
  for (let n = 0; n < 3; n++) await contact()
  await world.control('POST', '/streaming', { forget: 1_000 })
  const line = openLine('1')
  await until('the line', () => line.agreed === 1)
  assert.deepEqual(
    line.heard[0]!.missed.map(({ table }) => table),
    ['Contact', 'Account'],
  )
  assert.match(line.heard[0]!.missed[0]!.reason, /72 hours/)
  await line.stop()
})

test('where it is not enabled the line says so, and asks no more', async () => {
  const { captured } = (await world.control('GET', '/settings')) as unknown as { captured: string[] }
  await world.control('POST', '/settings', { captured: null })
  const line = openLine(null)
  await until('the refusal', () => line.error !== null)
  assert.equal((line.error as { code: string }).code, 'push.not_offered')
  await world.control('POST', '/settings', { captured })
})

test('where the stream alone takes no token the line ends, after a few calls of the day', async () => {
  const refused = { channel: '/meta/handshake', successful: false, error: '401::Authentication invalid' }
  const body = JSON.stringify([{ ...refused, advice: { reconnect: 'none', interval: 0 } }])
  await world.control('POST', '/faults', { kind: 'body', status: 200, body, on: ['streaming'], times: 0 })
  await world.control('POST', '/reset-requests', {})
  const line = openLine(null)
  await until('the end', () => line.error !== null)
  await world.control('DELETE', '/faults')
  assert.equal((line.error as { code: string }).code, 'push.not_offered')
  const { counts } = (await world.control('GET', '/requests')) as unknown as { counts: Record<string, number> }
  assert.deepEqual(counts, { streaming: 3, limits: 2 })
})

/** Listeners of one connection that copies contacts: as many hubs as a test starts. */
async function listeningHub(t: TestScope, listen: Listen) {
  const { pool } = await testDatabase(t, { max: 8 })
  const [connectionId, authenticationId] = [randomUUID(), randomUUID()]
  await pool.query(`insert into jackfield.authentication(id, name, kind, settings) values ($1, 'x', 'x', '{}')`, [
    authenticationId,
  ])
  await pool.query(
    `insert into jackfield.connection(id, name, crm, organisation, url, authentication_id, state)
      values ($1, 'x', 'salesforce', 'x', 'http://x', $2, 'active')`,
    [connectionId, authenticationId],
  )
  await pool.query(
    `insert into jackfield.synced_table(connection_id, entity, source, columns, mapping)
      values ($1, 'contact', '{"name":"Contact","changeTracking":false,"fields":[]}', '{Id}', '{}')`,
    [connectionId],
  )
  // Only the line is this CRM's: what else a connector does is not asked here.
  const connectorOf = (): Connector => ({ ...dynamics, listen })
  const hub = () =>
    createListeners(
      {
        ...{ pool, connectorOf, clock: systemClock, log: silentLog },
        session: async () => sessionOf(world),
        refreshMetadata: async () => undefined,
        noteFault: async () => undefined,
        worker: { id: randomUUID(), label: 'test' },
      },
      () => undefined,
    )
  return { pool, connectionId, hub }
}

test('hints and the place after them are kept together; after a kill the line goes on where it was', async (t) => {
  const { pool, connectionId, hub } = await listeningHub(t, listen)
  const hints = async () =>
    (await pool.query<{ source_id: string }>('select source_id from jackfield.hint')).rows.map((row) => row.source_id)
  const first = hub()
  first.start()
  await until('the line', async () => (await findListener(pool, connectionId))?.state === 'listening')
  const one = await contact()
  await change('Account', { Name: 'Not copied' })
  await until('the hint', async () => (await hints()).includes(one))
  await first.stop()
  const meanwhile = await contact()
  const second = hub()
  second.start()
  await until('what changed meanwhile', async () => (await hints()).includes(meanwhile))
  await fault('event-overflow')
  await contact()
  await until('the whole pass', async () => {
    const { rows } = await pool.query<{ cause: string }>(`select cause from jackfield.sync_run where kind = 'full'`)
    return rows.length === 1 && /GAP_OVERFLOW/.test(rows[0]!.cause)
  })
  assert.equal((await hints()).length, 2)
  await second.stop()
})

test('a line that breaks as soon as it is agreed upon rests longer each time', async (t) => {
  const begun: number[] = []
  const { hub } = await listeningHub(t, async (_, { onListening }) => {
    begun.push(performance.now())
    await onListening()
    throw new HubError('crm.refused', 'ended for the test')
  })
  const listeners = hub()
  listeners.start()
  await until('four lines', () => begun.length >= 4)
  await listeners.stop()
  // Looked for every two seconds, after rests of one, two and four.
  assert.ok(begun[3]! - begun[2]! > 3_900, `begun after ${begun.map((at) => Math.round(at - begun[0]!)).join()} ms`)
})

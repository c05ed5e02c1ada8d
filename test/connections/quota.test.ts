import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { type Bucket, bucketFor, createQuota, laneReserve, type Quota } from '#connections/quota.ts'
import { viewQuotas } from '#connections/quota-view.ts'
import type { Lane } from '#connectors/call.ts'
import { systemClock } from '#core/clock.ts'
import type { HubError } from '#core/errors.ts'
import { createPool } from '#database/pool.ts'
import { addFault } from '../../simulators/exchange/faults.ts'
import { resetLog } from '../../simulators/exchange/request-log.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { inputFor, startCrm, startHub } from './hub.ts'

/** Two processes and a bucket that does not refill while the test runs. */
async function twoProcesses(t: TestScope) {
  const database = await testDatabase(t)
  const second = createPool({ url: database.url, max: 10, name: 'second process' })
  t.after(() => second.end())
  const id = randomUUID()
  await database.pool.query(
    `insert into jackfield.authentication (id, name, kind, settings) values ($1, 'test', 'test', '{}')`,
    [id],
  )
  const quotas = [createQuota(database.pool, systemClock), createQuota(second, systemClock)]
  const take = async (lane: Lane, bucket: Bucket, times: number) => {
    const deadline = systemClock.monotonic() + 10_000
    const outcomes = await Promise.allSettled(
      Array.from({ length: times }, (_, n) => quotas[n % 2]!.admit(id, { lane, bucket, deadline })),
    )
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue
      const error = outcome.reason as HubError
      assert.equal(error.code, 'crm.throttled', String(error))
      assert.ok(error.detail.retryAt! > Date.now())
    }
    return outcomes.filter((outcome) => outcome.status === 'fulfilled').length
  }
  return { database, quotas, id, take }
}

const still = (capacity: number): Bucket => ({ capacity, refill: 0.0001 })

test('many calls of two processes take exactly what the bucket holds', async (t) => {
  const { take } = await twoProcesses(t)
  assert.equal(await take('ring', still(40), 100), 40)
})

test('a CRM that allows two calls a second serves a first copy too, and never more than two in one second', async (t) => {
  const { take } = await twoProcesses(t)
  const { capacity, refill } = bucketFor({ calls: 2, seconds: 1 })
  assert.ok(capacity + refill <= 2, `${capacity} at once and ${refill} more within the second`)
  assert.equal(await take('initial', still(capacity), 1), 1)
})

test('bulk lanes leave their part to the more urgent ones', async (t) => {
  const { take } = await twoProcesses(t)
  const bucket = still(100)
  assert.equal(await take('initial', bucket, 100), 100 * (1 - laneReserve.initial))
  assert.equal(await take('incremental', bucket, 30), 15)
  assert.equal(await take('person', bucket, 30), 10)
  assert.equal(await take('ring', bucket, 30), 5)
})

test('one call looks whether the day rolled, and whoever asks meanwhile waits for its answer and no longer', async (t) => {
  const { database, quotas, id } = await twoProcesses(t)
  const [one, other] = quotas as [Quota, Quota]
  const ask = (quota: Quota, seconds: number) =>
    quota.admit(id, { lane: 'initial', told: true, deadline: systemClock.monotonic() + seconds * 1_000 })
  const used = { used: 1_000, limit: 1_000 }
  await ask(one, 1)
  await one.note(id, used, 0)
  await assert.rejects(ask(other, 1), (error: HubError) => error.detail.retryAt! > Date.now() + 600_000)
  await database.pool.query(`update jackfield.quota set told_at = now() - interval '1 hour'`)
  await ask(one, 1)
  await assert.rejects(ask(other, 1), (error: HubError) => error.detail.retryAt! < Date.now() + 10_000)
  const waits = ask(other, 60)
  await one.note(id, { used: 1, limit: 1_000 }, 0)
  await waits
  // Where it brought nothing, another one looks soon.
  await one.note(id, used, 0)
  await database.pool.query(`update jackfield.quota set told_at = now() - interval '1 hour'`)
  await ask(one, 1)
  await database.pool.query(`update jackfield.quota set told_at = told_at - interval '10 seconds'`)
  await ask(other, 1)
})

test('calls trickle in at the vendor’s rate, never above its window', async (t) => {
  const { quotas, id } = await twoProcesses(t)
  const bucket = bucketFor({ calls: 6_000, seconds: 300 })
  assert.ok(bucket.capacity + bucket.refill * 300 <= 6_000)
  const slow = { capacity: 1, refill: 20 }
  const began = systemClock.monotonic()
  const deadline = began + 60_000
  await Promise.all(
    Array.from({ length: 11 }, (_, n) => quotas[n % 2]!.admit(id, { lane: 'ring', bucket: slow, deadline })),
  )
  assert.ok(systemClock.monotonic() - began >= 495, 'ten more than the bucket holds take half a second at 20/s')
})

test('a wait for the quota ends with its caller', async (t) => {
  const { quotas, id, take } = await twoProcesses(t)
  assert.equal(await take('ring', { capacity: 1, refill: 0.05 }, 1), 1)
  const stop = new AbortController()
  const deadline = systemClock.monotonic() + 60_000
  const waiting = quotas[0]!.admit(id, {
    lane: 'ring',
    bucket: { capacity: 1, refill: 0.05 },
    deadline,
    signal: stop.signal,
  })
  stop.abort(new Error('cancelled by a person'))
  await assert.rejects(waiting, /cancelled by a person/)
})

test('one 429 holds back the calls of all processes until it says', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  const [first, second] = await Promise.all([hub.connections, hub.process()].map((one) => one.session(id)))
  addFault(crm.simulator.faults, { kind: '429', retryAfter: 8 })
  const path = '/api/data/v9.2/WhoAmI'
  const began = Date.now()
  const refused = await first!.call(path, { lane: 'initial', retry: 'never' })
  assert.equal(refused.status, 429)
  resetLog(crm.simulator.log)
  for (const session of [first!, second!]) {
    await assert.rejects(
      session.call(path, { lane: 'person', retry: 'safe', deadlineMs: 3_000 }),
      (error: HubError) => error.code === 'crm.throttled' && error.detail.retryAt! > Date.now(),
    )
  }
  assert.equal(crm.simulator.log.total, 0)
  const replies = await Promise.all([first!, second!].map((one) => one.call(path, { lane: 'initial', retry: 'safe' })))
  assert.deepEqual(
    replies.map((reply) => reply.status),
    [200, 200],
  )
  assert.ok(Date.now() - began >= 7_900)
})

test('a call that is throttled on its way is repeated when it may be, and counted', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  addFault(crm.simulator.faults, { kind: '429', retryAfter: 1 })
  const session = await hub.connections.session(id)
  const reply = await session.call('/api/data/v9.2/WhoAmI', { lane: 'incremental', retry: 'safe' })
  assert.equal(reply.status, 200)
  assert.deepEqual(hub.connections.vendorCalls(), [{ lane: 'incremental', status: '200', count: 1 }])
  const { rows } = await hub.pool.query('select calls from jackfield.quota')
  assert.equal(rows[0].calls, 2n)
})

test('an initial sync that uses up its part never keeps a ringing phone waiting', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id, authenticationId } = await hub.connections.connect(inputFor(crm))
  const session = await hub.connections.session(id)
  const path = '/api/data/v9.2/WhoAmI'
  await session.call(path, { lane: 'initial', retry: 'safe' })
  // Down to what the initial lane must leave.
  await hub.pool.query(
    'update jackfield.quota set tokens = 60, refilled_at = clock_timestamp() where authentication_id = $1',
    [authenticationId],
  )
  const stop = new AbortController()
  const bulk = Array.from({ length: 20 }, () =>
    session.call(path, { lane: 'initial', retry: 'safe', signal: stop.signal }).catch((error: unknown) => error),
  )
  for (let ring = 0; ring < 20; ring += 1) {
    assert.equal((await session.call(path, { lane: 'ring', retry: 'never' })).status, 200)
  }
  const bulkCalls = hub.connections.vendorCalls().find(({ lane, status }) => lane === 'initial' && status === '200')
  assert.equal(bulkCalls?.count, 1, 'only the one before')
  stop.abort(new Error('the test is over'))
  await Promise.all(bulk)
})

test('who waits for the quota, until when and what is left is seen by every process', async (t) => {
  const { database, quotas, id, take } = await twoProcesses(t)
  const connectionId = randomUUID()
  await database.pool.query(
    `insert into jackfield.connection (id, name, crm, organisation, url, authentication_id, state)
      values ($1, 'test', 'test', 'o', 'https://crm.test', $2, 'active')`,
    [connectionId, id],
  )
  const quota = { calls: 400, seconds: 100_000 }
  const view = async () => (await viewQuotas(database.pool, () => ({ manifest: { quota } }) as never, connectionId))[0]!
  const { used, left, limit, reserved, resetsAt } = await view()
  assert.deepEqual(
    { used, left, limit, reserved, resetsAt },
    { used: 0, left: 100, limit: 100, reserved: 15, resetsAt: null },
  )
  const bucket = bucketFor(quota)
  assert.equal(await take('ring', bucket, 100), 100)
  const stop = new AbortController()
  const deadline = systemClock.monotonic() + 86_400_000
  const waits = [0, 1].map((n) => quotas[n]!.admit(id, { lane: 'incremental', bucket, deadline, signal: stop.signal }))
  const seen = async (count: number) => {
    for (const end = Date.now() + 60_000; Date.now() < end; await systemClock.sleep(50)) {
      const now = await view()
      if (now.waiting.reduce((sum, lane) => sum + lane.count, 0) === count) return now
    }
    throw new Error(`never ${count} waiting`)
  }
  const full = await seen(2)
  assert.deepEqual([full.used, full.left], [100, 0])
  assert.equal(full.waiting[0]!.lane, 'incremental')
  assert.ok(
    full.waiting[0]!.until.getTime() > Date.now() + 60_000,
    'sixteen calls come back at three in a thousand seconds',
  )
  assert.ok(full.resetsAt! > full.waiting[0]!.until)
  stop.abort()
  await Promise.allSettled(waits)
  assert.deepEqual((await seen(0)).waiting, [])
})

test('an account that was unlinked while a call waited is known to have sent nothing', async (t) => {
  const { quotas, database, id } = await twoProcesses(t)
  await database.pool.query('delete from jackfield.authentication where id = $1', [id])
  const bucket = bucketFor({ calls: 10, seconds: 60 })
  const admitted = quotas[0]!.admit(id, { lane: 'person', bucket, deadline: systemClock.monotonic() + 10_000 })
  await assert.rejects(
    admitted,
    (error: HubError) => error.code === 'resource.not_found' && error.detail.sent === false,
  )
})

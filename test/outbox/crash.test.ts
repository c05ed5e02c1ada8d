import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CrmSession } from '#connectors/call.ts'
import { systemClock } from '#core/clock.ts'
import { silentLog } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import { ledger } from '#outbox/ledger.ts'
import { findWrite } from '#outbox/store.ts'
import { type HubUnderTest, quick, startHub, workerOn } from './hub-under-test.ts'

const person = (last: string) => ({ firstname: 'Ada', lastname: last })

async function startProcess(t: { after(hook: () => unknown): void }, hub: HubUnderTest): Promise<ChildProcess> {
  const { url, authority, tenant, clientId, clientSecret, control } = hub.crm
  const given = JSON.stringify({ url: hub.url, crm: { url, authority, tenant, clientId, clientSecret, control } })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'worker-process.ts'), given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  await once(child.stdout!, 'data')
  return child
}

/** Waits until a write is through and another one is under way, which is slow to be answered: no reading of the first. */
async function amid(hub: HubUnderTest): Promise<void> {
  const { log, faults } = hub.crm.simulator
  const isSlow = () => faults.list.every(({ hits }) => hits > 0)
  for (const end = performance.now() + 60_000; log.writes.length === 0 || !isSlow(); await sleep(5)) {
    if (performance.now() > end) throw new Error(`Only ${log.writes.length} writes came`)
  }
}

async function keepMany(hub: HubUnderTest) {
  const kept = []
  for (let n = 0; n < 12; n += 1) {
    const create = await hub.keep({ operation: 'create', sourceFields: person(`K${n} v0`) })
    const update = { operation: 'update', sourceId: create.sourceId, sourceFields: person(`K${n} v1`) } as const
    kept.push({ create, update: await hub.keep(update) })
  }
  return kept
}

type Kept = Awaited<ReturnType<typeof keepMany>>

async function checkAll(hub: HubUnderTest, kept: Kept): Promise<void> {
  for (const [n, { create, update }] of kept.entries()) {
    await hub.until(create.id, 'done')
    await hub.until(update.id, 'done')
    assert.equal(hub.written(create.sourceId).length, 2)
    assert.equal((await hub.held(create.sourceId))?.lastname, `K${n} v1`)
  }
  const { total } = await ledger(hub.pool)
  assert.deepEqual([total.requested, total.done], [24, 24])
}

test('a process that is killed while its requests are under way loses none and doubles none', async (t) => {
  const hub = await startHub(t, { start: false })
  await hub.fault({ kind: 'latency', on: ['write', 'batch'], ms: 2_000, after: 1, times: 6 })
  const kept = await keepMany(hub)
  const child = await startProcess(t, hub)
  await amid(hub)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const { rows } = await hub.pool.query(`select count(*)::int as n from jackfield.outbox where state = 'sending'`)
  assert.notEqual(rows[0].n, 0, 'it was killed between sending and the answer')
  hub.worker.start()
  await checkAll(hub, kept)
})

test('a process that sleeps through the end of its lease does no harm when it wakes', async (t) => {
  const hub = await startHub(t, { start: false })
  await hub.fault({ kind: 'latency', on: ['write', 'batch'], ms: 2_000, after: 1, times: 5 })
  const kept = await keepMany(hub)
  const child = await startProcess(t, hub)
  await amid(hub)
  child.kill('SIGSTOP')
  hub.worker.start()
  await checkAll(hub, kept)
  const before = await hub.pool.query('select id, state, attempts, result from jackfield.outbox order by number')
  const carriedOut = hub.crm.simulator.log.writes.length
  child.kill('SIGCONT')
  await sleep(3_000)
  const after = await hub.pool.query('select id, state, attempts, result from jackfield.outbox order by number')
  assert.deepEqual(after.rows, before.rows)
  const late = hub.crm.simulator.log.writes.slice(carriedOut).filter(({ status }) => status < 300)
  assert.deepEqual(late, [])
})

test('a process that slept between writing down that it sends and sending looks before it sends', async (t) => {
  const hub = await startHub(t, { start: false })
  let sleptMs = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + sleptMs }
  // The first transaction of the write takes as long as a sleep of ten seconds.
  const pool: Pool = Object.create(hub.pool, {
    connect: {
      value: (...callback: []) => {
        // Without a callback: a transaction, not a single query.
        if ((callback as unknown[]).length === 0 && sleptMs === 0) sleptMs = 10_000
        return hub.pool.connect(...callback)
      },
    },
  })
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Slept') })
  const worker = workerOn({ pool, session: hub.session, timing: quick, log: silentLog, clock })
  t.after(() => worker.stop())
  worker.start()
  const done = await hub.until(kept.id, 'done')
  assert.equal(done.answerLost, true, 'it was looked at before it was sent')
  assert.equal(hub.written(kept.sourceId).length, 1)
  assert.equal(hub.crm.simulator.log.writes.length, 1, 'only one request ever left')
})

test('a CRM that takes long to be read is written to all the same', async (t) => {
  const hub = await startHub(t, { start: false })
  const [changed, repeated] = await Promise.all(
    ['Changed', 'Repeated'].map((last) => hub.others({ entity: 'contact', operation: 'create', fields: person(last) })),
  )
  let lateMs = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + lateMs }
  // By the worker's clock each reading takes ten seconds.
  const session: CrmSession = {
    ...{ url: hub.session.url, settings: {} },
    async call(path, options) {
      const reply = await hub.session.call(path, options)
      if ((options.method ?? 'GET') === 'GET') lateMs += 10_000
      return reply
    },
  }
  const worker = workerOn({ pool: hub.pool, session, timing: quick, log: silentLog, clock })
  t.after(() => worker.stop())
  worker.start()
  const update = (sourceId: string) => hub.keep({ operation: 'update', sourceId, sourceFields: { jobtitle: 'Ours' } })
  assert.equal((await hub.until((await update(changed!.id)).id, 'done')).attempts, 1)
  await hub.fault({ kind: 'drop-before', on: 'write' })
  assert.equal((await hub.until((await update(repeated!.id)).id, 'done')).attempts, 2)
})

test('a write found as being sent at the start is settled by reading, whether its request left or not', async (t) => {
  const hub = await startHub(t, { start: false })
  const never = await hub.keep({ operation: 'create', sourceFields: person('Never left') })
  const left = await hub.keep({ operation: 'create', sourceFields: person('Left') })
  await hub.pool.query(
    `update jackfield.outbox set state = 'sending', attempts = 1, base = '{"operation":"create","mark":null}'`,
  )
  await hub.others({ entity: 'contact', operation: 'create', id: left.sourceId, fields: person('Left') })
  hub.worker.start()
  assert.equal((await hub.until(never.id, 'done')).attempts, 2)
  assert.equal((await hub.until(left.id, 'done')).attempts, 1)
  assert.equal(hub.written(never.sourceId).length, 1)
  assert.equal(hub.written(left.sourceId).length, 0, 'it was there')
})

test('two workers share the connections, and only one writes for each', async (t) => {
  const hub = await startHub(t, { start: false })
  const others = [1, 2].map(() => workerOn({ pool: hub.pool, session: hub.session, timing: quick, log: silentLog }))
  for (const worker of others) t.after(() => worker.stop())
  const kept = await keepMany(hub)
  for (const worker of [hub.worker, ...others]) worker.start()
  await checkAll(hub, kept)
  assert.equal((await findWrite(hub.pool, kept[0]!.create.id)).attempts, 1)
})

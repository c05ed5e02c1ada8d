import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { listRecords } from '#records/find.ts'
import { cancelRun, findRun, pauseRun, resumeRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import { copied, differences, testHub, until } from '../support/hub.ts'

test('every account and contact is copied, with its version and its fields', async (t) => {
  const hub = await testHub(t, { records: 1_200 })
  await hub.connect()
  hub.worker()
  await copied(hub)
  for (const entity of ['account', 'contact']) {
    assert.deepEqual(await differences(hub, entity), [])
    const [expected] = await hub.dump(entity)
    const { records } = await listRecords(hub.pool, hub.finder, { entity, limit: 10_000 })
    const record = records.find(({ source }) => source.id === expected!.id)!
    for (const [field, value] of Object.entries(record.sourceFields)) {
      if (!field.includes('@') && typeof value !== 'object')
        assert.equal(String(value), String(expected!.fields[field]), field)
    }
  }
})

test('the first copy feeds nothing; what comes after it is fed', async (t) => {
  const hub = await testHub(t, { records: 300 })
  await hub.connect()
  hub.worker()
  await copied(hub)
  const { rows } = await hub.pool.query<{ count: bigint }>('select count(*) from jackfield.change')
  assert.equal(rows[0]!.count, 0n)
})

test('a worker that vanishes in mid-copy is followed by another, which goes on from the checkpoint', async (t) => {
  const hub = await testHub(t, { records: 2_400, pageSize: 200 })
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  await hub.control('/faults', { kind: 'latency', ms: 150, times: 0, on: ['page'] })
  const first = hub.worker()
  await until(async () => (await hub.pool.query('select from jackfield.sync_page')).rowCount! >= 3)
  await first.stop()
  const before = await hub.pool.query<{ number: number }>('select max(number) as number from jackfield.sync_page')
  await hub.control('/faults', undefined, 'DELETE')
  await hub.control('/reset-requests')
  hub.worker()
  await copied(hub)
  const [run] = (await listRuns(hub.pool, { limit: 10 })).filter(({ kind }) => kind === 'initial')
  assert.equal(run!.state, 'done')
  const pages = await hub.pool.query<{ number: number }>(
    'select number from jackfield.sync_page where run_id = $1 order by 1',
    [run!.id],
  )
  assert.deepEqual(
    pages.rows.map(({ number }) => number),
    Array.from({ length: 10 }, (_, i) => i + 1),
  )
  const asked = await hub.control<{ counts: Record<string, number> }>('/requests', undefined, 'GET')
  assert.ok((asked.counts.page ?? 0) <= 10 - before.rows[0]!.number + 4, `asked for ${asked.counts.page} pages again`)
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('a copy stores fewer pages at once while callers are looked up', async (t) => {
  const hub = await testHub(t, { records: 2_400, pageSize: 100 })
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  let [givesWay, mostWaiting] = [true, 0]
  hub.context.givesWay = () => givesWay
  const waiting = async () => {
    const { rowCount } = await hub.pool.query(
      `select from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and wait_event_type = 'Lock'`,
    )
    mostWaiting = Math.max(mostWaiting, rowCount!)
    return rowCount!
  }
  const holder = await hub.pool.connect()
  try {
    for (const expected of [2, 3]) {
      await holder.query('begin')
      await holder.query(`set local idle_in_transaction_session_timeout = 0`)
      await holder.query('lock table jackfield.record in share mode')
      if (expected === 2) hub.worker()
      await until(async () => (await waiting()) === expected)
      // The next page is asked for meanwhile, and not stored.
      await wait(300)
      await waiting()
      assert.equal(mostWaiting, expected)
      givesWay = false
      await holder.query('commit')
    }
  } finally {
    holder.release()
  }
  await copied(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('a run pauses, resumes and is cancelled by a person', async (t) => {
  const hub = await testHub(t, { records: 6_000, pageSize: 100 })
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  await hub.control('/faults', { kind: 'latency', ms: 200, times: 0, on: ['page'] })
  hub.worker()
  const run = await until(async () => (await listRuns(hub.pool, { state: 'running', limit: 1 }))[0])
  await until(async () => (await hub.pool.query('select from jackfield.sync_page')).rowCount! > 0)
  await pauseRun(hub.pool, run.id)
  await until(
    async () =>
      (await hub.pool.query(`select from jackfield.lease where name like 'sync:%' and until > now()`)).rowCount === 0,
  )
  const stored = await hub.pool.query('select from jackfield.sync_page')
  await wait(500)
  assert.equal((await hub.pool.query('select from jackfield.sync_page')).rowCount, stored.rowCount)
  await resumeRun(hub.pool, run.id)
  await until(async () => (await hub.pool.query('select from jackfield.sync_page')).rowCount! > stored.rowCount!)
  await cancelRun(hub.pool, run.id)
  assert.equal((await findRun(hub.pool, run.id)).state, 'cancelled')
  await assert.rejects(resumeRun(hub.pool, run.id), { code: 'sync.running' })
})

test('what changes, comes and goes while the first copy runs is right when it ends', async (t) => {
  const hub = await testHub(t, { records: 2_400, pageSize: 200 })
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  const contacts = await hub.dump('contact')
  await hub.control('/faults', { kind: 'latency', ms: 100, times: 0, on: ['page'] })
  hub.worker()
  await until(async () => (await hub.pool.query('select from jackfield.sync_page')).rowCount! >= 2)
  const ids = contacts.filter((_, i) => i % 40 === 0).map(({ id }) => id)
  const operations = ids.map((id, i) => ({ entity: 'contact', operation: i % 2 === 0 ? 'change' : 'delete', id }))
  await hub.control('/records', [
    ...operations,
    ...Array.from({ length: 5 }, () => ({ entity: 'contact', operation: 'create' })),
  ])
  await hub.control('/faults', undefined, 'DELETE')
  await copied(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
})

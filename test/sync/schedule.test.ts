import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { silentLog } from '#core/log.ts'
import { cancelRun, findRun, pauseRun, postponeRun, requestRun, resumeRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import { wakeTable } from '#sync/table-state.ts'
import { copied, type TestHub, testHub, until } from '../support/hub.ts'

/** Several looks of a worker: what it would do wrongly, it has done by then. */
const someLooks = () => wait(2_500)

/** A hub whose only table is contact, and what its workers warned of. */
async function contactHub(t: Parameters<typeof testHub>[0], records = 60) {
  const hub = await testHub(t, { records })
  const connection = await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  const warned: string[] = []
  hub.context.log = { ...silentLog, warn: (text) => warned.push(text) }
  return { hub, connection, warned, tableId: (await hub.table('contact')).id }
}

const runsOf = (hub: TestHub) => listRuns(hub.pool, { limit: 50 })

test('a run that was put off waits its time, also when its table is due', async (t) => {
  const { hub, tableId } = await contactHub(t)
  const { id } = await requestRun(hub.pool, { tableId, kind: 'initial', cause: 'test' })
  const problem = { code: 'crm.unreachable', message: 'test', at: new Date().toISOString() }
  await postponeRun(hub.pool, id, problem, 3_600)
  hub.worker()
  await someLooks()
  assert.deepEqual(
    (await runsOf(hub)).map(({ id: run, state, attempts }) => ({ run, state, attempts })),
    [{ run: id, state: 'waiting', attempts: 1 }],
  )
})

test('a page that stays wrong is asked for with growing pauses', async (t) => {
  const { hub } = await contactHub(t)
  await hub.control('/faults', { kind: 'body', status: 400, body: '{}', times: 0, on: ['page'] })
  hub.worker()
  await until(async () => (await runsOf(hub)).some(({ attempts }) => attempts > 0))
  await wait(2_000)
  const [run] = await runsOf(hub)
  const tookMs = run!.state === 'failed' ? run!.finishedAt!.getTime() - run!.startedAt!.getTime() : Infinity
  assert.ok(tookMs >= 7_000, 'four attempts take seven seconds at least')
})

test('a paused run is left alone, without a warning', async (t) => {
  const { hub, tableId, warned } = await contactHub(t)
  const { id } = await requestRun(hub.pool, { tableId, kind: 'initial', cause: 'test' })
  await pauseRun(hub.pool, id)
  hub.worker()
  await someLooks()
  assert.deepEqual(warned, [])
  assert.deepEqual(
    (await runsOf(hub)).map(({ state }) => state),
    ['paused'],
  )
  await resumeRun(hub.pool, id)
  await copied(hub)
  assert.equal((await findRun(hub.pool, id)).state, 'done')
})

test('a first copy that a person cancelled does not begin again before its time', async (t) => {
  const { hub } = await contactHub(t, 2_400)
  await hub.control('/settings', { maxPageSize: 200 })
  await hub.control('/faults', { kind: 'latency', ms: 600, times: 0, on: ['page'] })
  hub.worker()
  const run = await until(async () => (await listRuns(hub.pool, { state: 'running', limit: 1 }))[0])
  await cancelRun(hub.pool, run.id)
  await someLooks()
  assert.deepEqual(
    (await runsOf(hub)).map(({ state }) => state),
    ['cancelled'],
  )
})

test('between the end of a run that is cancelled and the skipping of its pass nothing begins', async (t) => {
  const { hub } = await contactHub(t, 2_400)
  await hub.control('/settings', { maxPageSize: 200 })
  await hub.control('/faults', { kind: 'latency', ms: 600, times: 0, on: ['page'] })
  hub.worker()
  const run = await until(async () => (await listRuns(hub.pool, { state: 'running', limit: 1 }))[0])
  const holder = await hub.pool.connect()
  let cancelling: Promise<unknown> | undefined
  try {
    await holder.query('begin')
    await holder.query(`set local idle_in_transaction_session_timeout = '60s'`)
    // Keeps the pass from being skipped, and nobody from reading.
    await holder.query(`select from jackfield.synced_table where entity = 'contact' for share`)
    cancelling = cancelRun(hub.pool, run.id)
    await someLooks()
    await holder.query('commit')
  } finally {
    holder.release()
  }
  await cancelling
  await someLooks()
  assert.deepEqual(
    (await runsOf(hub)).map(({ state }) => state),
    ['cancelled'],
  )
})

test('tables that others work on do not keep the rest waiting', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  const { rows: tables } = await hub.pool.query<{ id: number }>(
    'update jackfield.synced_table set enabled = true returning id',
  )
  assert.ok(tables.length > 4)
  const ids = tables.map(({ id }) => id).sort((a, b) => a - b)
  for (const id of ids.slice(0, 3)) {
    await hub.pool.query(
      `insert into jackfield.lease(name, owner, holder, epoch, until) values ($1, $2, 'another', 1, now() + interval '1 hour')`,
      [`sync:${id}`, randomUUID()],
    )
  }
  hub.worker()
  await until(async () => {
    const { rows } = await hub.pool.query<{ done: boolean }>(
      'select bool_and(first_pass_at is not null) as done from jackfield.synced_table where id = any($1)',
      [ids.slice(3)],
    )
    return rows[0]!.done
  })
})

test('a pass that is asked for while another is under way follows it: that one may have read already', async (t) => {
  const { hub, tableId } = await contactHub(t)
  hub.worker()
  await copied(hub)
  const settled = () =>
    until(async () => {
      const { rows } = await hub.pool.query<{ waits: boolean }>(
        `select next_pass_at <= clock_timestamp() or exists (select from jackfield.sync_run
          where state in ('waiting', 'running')) as waits from jackfield.synced_table where id = $1`,
        [tableId],
      )
      return !rows[0]!.waits
    })
  await settled()
  const passes = async () =>
    (await hub.control<{ counts: Record<string, number> }>('/requests', undefined, 'GET')).counts.delta ?? 0
  const before = await passes()
  await hub.control('/faults', { kind: 'latency', ms: 1_500, times: 1, on: ['delta'] })
  await wakeTable(hub.pool, tableId)
  hub.wake()
  // Not only begun, but reading: until then a pass answers whatever was asked for before.
  await until(async () => (await hub.control<{ faults: unknown[] }>('/faults', undefined, 'GET')).faults.length === 0)
  await wakeTable(hub.pool, tableId)
  await settled()
  assert.equal((await passes()) - before, 2)
})

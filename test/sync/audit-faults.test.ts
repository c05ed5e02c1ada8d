import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { listRecords } from '#records/find.ts'
import { listParked } from '#records/park.ts'
import { cancelRun, findRun, type RunOptions, requestRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import { copied, differences, passed, type TestHub, testHub, until } from '../support/hub.ts'

async function contactHub(
  t: Parameters<typeof testHub>[0],
  options: { records?: number; mostDifferences?: number } = {},
) {
  const hub = await testHub(t, { records: options.records ?? 120 })
  const connection = await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact', schedule_seconds = 86400`)
  if (options.mostDifferences !== undefined) hub.context.mostDifferences = options.mostDifferences
  return { hub, connection, tableId: (await hub.table('contact')).id }
}

async function copiedHub(t: Parameters<typeof testHub>[0], options: Parameters<typeof contactHub>[1] = {}) {
  const made = await contactHub(t, options)
  made.hub.worker()
  await copied(made.hub)
  return made
}

const ended = (hub: TestHub, id: string) =>
  until(async () => {
    const run = await findRun(hub.pool, id)
    return run.state === 'done' || run.state === 'failed' ? run : null
  })

async function audit(hub: TestHub, options: RunOptions) {
  const { id: tableId } = await hub.table('contact')
  const { id } = await requestRun(hub.pool, { tableId, kind: 'audit', cause: 'test', requestedBy: 'test', options })
  return ended(hub, id)
}

const control = (hub: TestHub, operation: string, ids: string[]) =>
  hub.control(
    '/records',
    ids.map((id) => ({ entity: 'contact', operation, id })),
  )

const idsOf = async (hub: TestHub, count: number) => (await hub.dump('contact')).slice(0, count).map(({ id }) => id)
const auditsOf = (hub: TestHub) => listRuns(hub.pool, { kind: 'audit', limit: 50 })

test('an audit that failed is tried again, but not at every pass', async (t) => {
  const { hub } = await contactHub(t)
  await hub.control('/faults', { kind: 'privilege-lost', entity: 'contact', on: ['enumerate'], times: 0 })
  hub.worker()
  await until(async () => (await auditsOf(hub)).some(({ state }) => state === 'failed'))
  await hub.control('/faults', undefined, 'DELETE')
  await passed(hub)
  await passed(hub)
  assert.equal((await auditsOf(hub)).length, 1)
  await hub.pool.query(`update jackfield.sync_run set finished_at = now() - interval '2 hours' where state = 'failed'`)
  await passed(hub)
  await copied(hub)
  assert.deepEqual(
    (await auditsOf(hub)).map(({ state }) => state),
    ['done', 'failed'],
  )
})

test('a record that is parked and then deleted in the CRM is not kept', async (t) => {
  const { hub, tableId } = await copiedHub(t)
  const [id] = await idsOf(hub, 1)
  await hub.pool.query(
    `insert into jackfield.parked(id, table_id, source_id, record_key, code, message)
      values (gen_random_uuid(), $1, $2, $2, 'record.invalid', 'test')`,
    [tableId, id],
  )
  await control(hub, 'delete', [id!])
  assert.equal((await audit(hub, { repair: true })).state, 'done')
  assert.deepEqual(await differences(hub, 'contact'), [])
  assert.deepEqual(await listParked(hub.pool, { limit: 10 }), [])
})

test('a row that breaks the model is parked by an audit too, and does not stop it', async (t) => {
  const { hub } = await copiedHub(t)
  const [changed, other] = await idsOf(hub, 2)
  const { id: made } = await hub.control<{ id: string }>('/records', {
    entity: 'contact',
    operation: 'create',
    fields: { lastname: 'a\u0000b' },
  })
  await hub.control('/records', {
    entity: 'contact',
    operation: 'change',
    id: changed,
    fields: { birthdate: '2023-02-30' },
  })
  await control(hub, 'change', [other!])
  // What changed in this very second is on its way: the audit leaves that to the pass.
  await wait(1_200)
  const run = await audit(hub, { repair: true })
  assert.equal(run.state, 'done', run.problem?.message)
  const parked = (await listParked(hub.pool, { limit: 10 })).map(({ sourceId }) => sourceId).sort()
  assert.deepEqual(parked, [made, changed].sort())
  assert.deepEqual((await differences(hub, 'contact')).sort(), [`missing ${made}`, `stale ${changed}`].sort())
  const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 1_000 })
  assert.notEqual(records.find(({ source }) => source.id === changed)!.mark, null, 'what is held keeps its version')
})

test('a table with too many differences is copied again as a whole, and its deletes verified then', async (t) => {
  const { hub, tableId } = await copiedHub(t, { mostDifferences: 20 })
  await hub.pool.query('delete from jackfield.record where table_id = $1', [tableId])
  const [gone] = await idsOf(hub, 1)
  await control(hub, 'delete', [gone!])
  const run = await audit(hub, { repair: true })
  assert.equal(run.state, 'done')
  assert.equal(run.result!.differences, 21, 'so many were named before it was given up')
  assert.equal(run.result!.copiedAgain, true)
  await until(async () => (await differences(hub, 'contact')).length === 0)
  assert.ok((await listRuns(hub.pool, { kind: 'full', limit: 5 })).length > 0)
})

test('an audit that only looks does not make a changed filter trusted', async (t) => {
  const { hub } = await copiedHub(t)
  await control(hub, 'delete', await idsOf(hub, 3))
  await hub.pool.query(
    `update jackfield.synced_table set filter = '{"field": "lastname", "is": "ne", "value": "Nobody"}' where entity = 'contact'`,
  )
  assert.equal((await audit(hub, { repair: false })).state, 'done')
  const run = await audit(hub, { repair: true })
  assert.equal(run.problem?.code, 'sync.sweep_needs_person')
  assert.equal((await audit(hub, { repair: true, approved: true })).state, 'done')
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('a sweep asks a person when the hub became another user of the CRM', async (t) => {
  const { hub } = await copiedHub(t)
  await control(hub, 'delete', await idsOf(hub, 3))
  await hub.control('/faults', {
    kind: 'replace',
    from: '"BusinessUnitId":"',
    to: '"Was":"",  "BusinessUnitId":"00000000-0000-4000-8000-000000000001", "Before":"',
    times: 0,
    on: ['whoami'],
  })
  const run = await audit(hub, { repair: true })
  assert.equal(run.problem?.code, 'sync.sweep_needs_person')
  assert.match(run.problem!.message, /rights/)
})

test('what a person asks of an audit is not lost in one that is under way', async (t) => {
  const { hub, tableId } = await contactHub(t)
  const asked = (options: RunOptions, requestedBy?: string) =>
    requestRun(hub.pool, {
      tableId,
      kind: 'audit',
      cause: 'test',
      options,
      ...(requestedBy === undefined ? {} : { requestedBy }),
    })
  const scheduled = await asked({ repair: true })
  assert.equal((await asked({ repair: true })).id, scheduled.id)
  const approved = await asked({ repair: true, approved: true }, 'Ann')
  assert.notEqual(approved.id, scheduled.id)
  const joined = await asked({ repair: true }, 'Ben')
  assert.deepEqual([joined.id, joined.requestedBy], [scheduled.id, 'Ben'])
  await cancelRun(hub.pool, approved.id)
  // One that has begun may have passed by what happened since.
  await hub.pool.query(`update jackfield.sync_run set state = 'running' where id = $1`, [scheduled.id])
  assert.notEqual((await asked({ repair: true }, 'Cid')).id, scheduled.id)
})

test('a pass that a person joined is still there to be asked about', async (t) => {
  const { hub, tableId } = await copiedHub(t)
  await hub.control('/faults', { kind: 'latency', ms: 400, times: 2, on: ['delta'] })
  const scheduled = await requestRun(hub.pool, { tableId, kind: 'incremental', cause: 'schedule' })
  const joined = await requestRun(hub.pool, { tableId, kind: 'incremental', cause: 'person', requestedBy: 'Ann' })
  assert.ok(scheduled.id)
  assert.equal((await ended(hub, joined.id)).state, 'done')
})

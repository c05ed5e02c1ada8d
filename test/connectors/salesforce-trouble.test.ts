import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectorOf } from '#connectors/registry.ts'
import { isHubError } from '#core/errors.ts'
import { inTransaction } from '#database/pool.ts'
import { listRecords } from '#records/find.ts'
import { goneColumns } from '#records/gone-columns.ts'
import { cancelRun, failRun, pauseRun, recordPage, requestRun, findRun as runOf, startRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import { copied, differences, passed, until } from '../support/hub.ts'
import { salesforceHub } from './salesforce-hub.ts'

const calm = { path: '/faults', method: 'DELETE' } as const

test('a copy by a job goes on where a killed worker left it, and begins anew where its job failed', async (t) => {
  const hub = await salesforceHub(t, { records: 1_500, pageSize: 100 })
  const salesforce = connectorOf('salesforce')
  // As if there were more rows than REST is worth.
  hub.context.connectorOf = () => ({
    ...salesforce,
    firstLink: (scope, walk) => salesforce.firstLink(scope, walk, 1_000_000),
  })
  const told: string[] = []
  hub.context.log = { ...hub.context.log, warn: (_, detail) => void told.push(JSON.stringify(detail)) }
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  await hub.control('/faults', { kind: 'job-failed', times: 1 })
  const first = hub.worker()
  await until(async () => (await hub.pool.query('select from jackfield.sync_page where records > 0')).rowCount! >= 3)
  await first.stop()
  assert.match(told.join(), /job 750\w+ .* failed.*begins anew/)
  await hub.control('/reset-requests')
  hub.worker()
  await copied(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const { counts } = await hub.control<{ counts: Record<string, number> }>('/requests', undefined, 'GET')
  // Neither a new job nor the pages that were stored before.
  assert.ok((counts.bulk ?? 0) <= 13, `asked ${counts.bulk} times`)
})

test('a table that Salesforce cannot count in time, or at all, is taken for large, and read by a job', async (t) => {
  const hub = await salesforceHub(t, { records: 60 })
  await hub.connect()
  const body = JSON.stringify([{ message: 'Your query request was running for too long.', errorCode: 'QUERY_TIMEOUT' }])
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  await hub.control('/reset-requests')
  await hub.control('/faults', { kind: 'body', status: 400, body, match: 'COUNT()', times: 0 })
  hub.worker()
  await copied(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const jobs = () => hub.simulator.simulator.jobs.list.size
  assert.equal(jobs(), 1)
  await hub.control(calm.path, undefined, calm.method)
  await hub.control('/faults', { kind: '503', match: 'COUNT()', times: 0 })
  const { id: tableId } = await hub.table('contact')
  const run = await requestRun(hub.pool, { tableId, kind: 'full', cause: 'test' })
  hub.wake()
  await until(async () => (await runOf(hub.pool, run.id)).state === 'done')
  assert.equal(jobs(), 2)
})

test('a session text that no token mends asks for none, and says what to mend', async (t) => {
  const hub = await salesforceHub(t)
  const connection = await hub.connect()
  for (const kind of ['app-not-attached', 'session-not-for-rest']) {
    await hub.control('/reset-requests')
    await hub.control('/faults', { kind, times: 0 })
    const session = await hub.connections.session(connection.id)
    const asked = Array.from({ length: 5 }, () => connectorOf('salesforce').identify(session))
    for (const outcome of await Promise.allSettled(asked)) {
      assert.ok(outcome.status === 'rejected' && isHubError(outcome.reason, 'authentication.app_blocked'))
    }
    const { counts } = await hub.control<{ counts: Record<string, number> }>('/requests', undefined, 'GET')
    assert.ok((counts.token ?? 0) <= 1, `${counts.token} tokens were asked for`)
    const { state, problem } = await hub.connections.find(connection.id)
    assert.deepEqual([state, problem?.code], ['needs_attention', 'authentication.app_blocked'])
    assert.ok(problem?.mend)
    await hub.control(calm.path, undefined, calm.method)
    await hub.connections.check(connection.id)
    assert.equal((await hub.connections.find(connection.id)).state, 'active')
  }
})

test('a day that is used up is waited for, told with its time, and a look-up goes before a sync', async (t) => {
  const hub = await salesforceHub(t, { records: 100 })
  const connection = await hub.connect()
  const salesforce = connectorOf('salesforce')
  const quota = async () => {
    const [view] = await hub.connections.quotas(connection.id)
    return view!
  }
  const session = await hub.connections.session(connection.id)
  // 15 % left: less than a first copy leaves to others, enough for anything else.
  await hub.control('/limits', { max: 1_000, used: 850 })
  await salesforce.identify(session)
  const worker = hub.worker()
  const waiting = await until(async () => {
    const runs = await listRuns(hub.pool, { limit: 10 })
    return runs.length >= 3 && runs.every(({ problem }) => problem?.code === 'crm.throttled') && runs
  })
  for (const run of waiting) assert.ok(run.notBefore.getTime() > Date.now() + 60_000)
  await salesforce.identify(session)
  const told = await quota()
  assert.equal(told.limit, 1_000)
  assert.ok(told.used >= 850 && told.left === 1_000 - told.used)
  assert.equal(told.reserved, 100)

  await hub.control('/limits', { max: 1_000, used: 1_000 })
  await assert.rejects(salesforce.identify(session), (error) => {
    assert.ok(isHubError(error, 'crm.throttled'))
    return error.detail.retryAt! > Date.now() + 60_000
  })
  assert.equal((await quota()).left, 0)
  // Nobody asks in vain meanwhile.
  await hub.control('/reset-requests')
  await assert.rejects(salesforce.identify(session), { code: 'crm.throttled' })
  const { counts } = await hub.control<{ counts: Record<string, number> }>('/requests', undefined, 'GET')
  assert.deepEqual(counts, {})

  // The hour passes.
  await hub.control('/limits', { max: 15_000, used: 10 })
  await hub.pool.query(`update jackfield.quota set told_at = now() - interval '1 hour'`)
  await hub.pool.query(`update jackfield.sync_run set not_before = now()`)
  await copied(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  // Who waits is told a moment later.
  await until(async () => (await quota()).waiting.length === 0)

  // A refusal that says until when is heeded by everybody, and no longer than that.
  await worker.stop()
  for (const kind of ['limit-exceeded', '429']) {
    await hub.control('/faults', { kind, retryAfter: 2, times: 1 })
    await hub.control('/reset-requests')
    const asked = Date.now()
    const once = { lane: 'person', retry: 'never' } as const
    assert.ok([403, 429].includes((await session.call('/services/data/v60.0/limits', once)).status))
    await salesforce.identify(session)
    assert.ok(Date.now() - asked >= 1_900, kind)
  }
})

test('a field that is taken away is flagged with its last values, and the rest is copied on', async (t) => {
  const hub = await salesforceHub(t, { records: 60 })
  await hub.connect()
  const [contact] = (await hub.dump('contact')).filter(({ deleted }) => !deleted)
  const change = (fields: object) => hub.records({ entity: 'Contact', operation: 'change', id: contact!.id, fields })
  await change({ Department: 'Ropes' })
  hub.worker()
  await copied(hub)
  const held = async () => {
    const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 1_000 })
    return records.find(({ source }) => source.id === contact!.id)!.fields
  }
  // Field-level security: what is not shown might as well not be there.
  await hub.control('/settings', { hidden: { Contact: ['Department'] } })
  await change({ LastName: 'Still Read', Department: 'Hidden' })
  await passed(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  assert.deepEqual(goneColumns(await hub.table('contact')), ['Department'])
  const { lastName, department } = await held()
  assert.deepEqual([lastName, department], ['Still Read', 'Ropes'])

  await hub.control('/settings', { hidden: {} })
  const { id: tableId } = await hub.table('contact')
  await requestRun(hub.pool, { tableId, kind: 'incremental', cause: 'test', requestedBy: 'test' })
  await until(async () => (await held()).department === 'Hidden')
  assert.deepEqual(goneColumns(await hub.table('contact')), [])
})

test('a run that is cancelled ends its job in the CRM, and one that is paused does not', async (t) => {
  const hub = await salesforceHub(t, { records: 1_500, pageSize: 100 })
  const salesforce = connectorOf('salesforce')
  hub.context.connectorOf = () => ({
    ...salesforce,
    firstLink: (scope, walk) => salesforce.firstLink(scope, walk, 1_000_000),
  })
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  // Neither is done before somebody stops it.
  await hub.control('/settings', { bulkStateMs: 3_600_000 })
  const jobs = () => [...hub.simulator.simulator.jobs.list.values()]
  hub.worker()
  const waited = () => until(async () => (await listRuns(hub.pool, { state: 'running', limit: 1 }))[0])
  const run = await waited()
  const isTold = async () =>
    (await hub.pool.query('select from jackfield.sync_page where run_id = $1', [run.id])).rowCount
  await until(async () => (await isTold()) === 1)
  const [job] = jobs()
  assert.deepEqual([jobs().length, job!.state], [1, 'UploadComplete'])
  await pauseRun(hub.pool, run.id)
  await until(async () => ((await runOf(hub.pool, run.id)).state === 'paused' ? true : null))
  // Longer than what ended is left alone for.
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  assert.equal(job!.state, 'UploadComplete')
  const began = performance.now()
  await cancelRun(hub.pool, run.id)
  // The job would take an hour.
  assert.ok(performance.now() - began < 60_000)
  await until(async () => jobs().length === 0)
  assert.equal(job!.state, 'Aborted')
})

test('what a failed run has ready in the CRM stays for who resumes it; what still runs ends', async (t) => {
  const hub = await salesforceHub(t, { records: 200 })
  const connection = await hub.connect()
  const { id: tableId, source, columns } = await hub.table('contact')
  const session = await hub.connections.session(connection.id)
  const salesforce = connectorOf('salesforce')
  const scope = { table: source, columns, filter: null }
  const link = salesforce.firstLink(scope, { kind: 'query' }, 1_000_000)
  const made = async () =>
    (await salesforce.readPage(session, link, { kind: 'query' }, { lane: 'initial', pageSize: 100 })).next!
  const jobs = () => [...hub.simulator.simulator.jobs.list.values()]
  const done = await made()
  await until(async () => jobs()[0]!.state === 'JobComplete')
  await salesforce.leaveWalk!(session, done, { mayGoOn: true })
  assert.equal(jobs()[0]!.state, 'JobComplete')
  await salesforce.leaveWalk!(session, done, { mayGoOn: false })
  assert.deepEqual(jobs(), [])
  // What the CRM forgot already, and a walk that has no job.
  await salesforce.leaveWalk!(session, done, { mayGoOn: false })
  await salesforce.leaveWalk!(session, salesforce.firstLink(scope, { kind: 'query' }, 10), { mayGoOn: false })

  await hub.control('/settings', { bulkStateMs: 3_600_000 })
  const open = await made()
  await hub.pool.query('update jackfield.synced_table set enabled = false')
  const run = await requestRun(hub.pool, { tableId, kind: 'full', cause: 'test', requestedBy: 'test' })
  await startRun(hub.pool, run.id)
  const nothing = { records: 0, written: 0, parked: 0, outOfScope: 0, bytes: 0 }
  await inTransaction(hub.pool, (tx) =>
    recordPage(tx, run.id, { number: 1, link, next: open, delta: null, ...nothing }),
  )
  await failRun(hub.pool, run.id, { code: 'internal', message: 'for the test', at: new Date().toISOString() })
  hub.worker()
  await until(async () => jobs().length === 0)
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { systemClock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import { withLease } from '#jobs/lease.ts'
import { listParked } from '#records/park.ts'
import { openTable } from '#sync/context.ts'
import { handleFailure } from '#sync/failure.ts'
import { settleConnection } from '#sync/hints.ts'
import { insertHints } from '#sync/inbox.ts'
import { readChanges } from '#sync/incremental-sync.ts'
import { copyTable } from '#sync/initial-sync.ts'
import { createRest } from '#sync/rest.ts'
import { findRun, requestRun, runProgress, startRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import { copied, differences, passed, type TestHub, testHub, until } from '../support/hub.ts'

async function copiedHub(t: Parameters<typeof testHub>[0], columns: readonly string[] = []) {
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact', schedule_seconds = 86400`)
  if (columns.length > 0) await addColumns(hub, connection.id, columns)
  hub.worker()
  await copied(hub)
  return { hub, connection, tableId: (await hub.table('contact')).id }
}

async function addColumns(hub: TestHub, connectionId: string, columns: readonly string[]) {
  const table = await hub.table('contact')
  await hub.connections.setTable(connectionId, 'contact', { columns: [...table.columns, ...columns] })
}

const change = (hub: TestHub, id: string, fields: Record<string, unknown>) =>
  hub.control('/records', { entity: 'contact', operation: 'change', id, fields })

test('a worker that lost its lease while it slept does nothing to the run that another goes on with', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  const table = await hub.table('contact')
  const name = `sync:${table.id}`
  const run = await startRun(
    hub.pool,
    (await requestRun(hub.pool, { tableId: table.id, kind: 'initial', cause: 'test' })).id,
  )
  await withLease(hub.pool, name, { id: randomUUID(), label: 'test' }, async (lease) => {
    await hub.pool.query('update jackfield.lease set epoch = epoch + 1 where name = $1', [name])
    for (const code of ['crm.timeout', 'crm.refused', 'crm.delta_expired', 'internal'] as const) {
      const failing = handleFailure(hub.context, { table, run, lease }, new HubError(code, 'test'))
      await assert.rejects(failing, { code: 'job.lease_lost' }, code)
    }
  })
  const { state, attempts } = await findRun(hub.pool, run.id)
  assert.deepEqual([state, attempts], ['running', 0])
})

test('a worker that slept forgets no page of the run that another goes on with', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  const table = await hub.table('contact')
  const name = `sync:${table.id}`
  const work = await openTable(hub.context, table)
  for (const [kind, pass] of [
    ['initial', copyTable],
    ['incremental', readChanges],
  ] as const) {
    const { id } = await requestRun(hub.pool, {
      tableId: table.id,
      kind,
      cause: 'test',
      options: { asked: 'otherwise' },
    })
    const run = await startRun(hub.pool, id)
    await hub.pool.query(
      `insert into jackfield.sync_page(run_id, number, link, next, records, written, parked) values ($1, 1, 'a', 'b', 7, 7, 0)`,
      [id],
    )
    await withLease(hub.pool, name, { id: randomUUID(), label: 'test' }, async (lease) => {
      await hub.pool.query('update jackfield.lease set epoch = epoch + 1 where name = $1', [name])
      await assert.rejects(pass(hub.context, work, run, { lease, mayGoOn: async () => undefined }), kind)
    })
    await hub.pool.query('delete from jackfield.lease')
    assert.equal((await runProgress(hub.pool, [id])).get(id)?.records, 7, kind)
    assert.equal((await findRun(hub.pool, id)).options.asked, 'otherwise', kind)
  }
})

test('a first copy whose links expired begins again as the same run', async (t) => {
  const hub = await testHub(t, { records: 600 })
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  await hub.control('/settings', { maxPageSize: 100 })
  await hub.control('/faults', { kind: 'delta-expired', times: 1, after: 2, on: ['page'] })
  hub.worker()
  await copied(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const passes = (await listRuns(hub.pool, { limit: 20 })).filter(({ kind }) => kind === 'initial' || kind === 'full')
  assert.deepEqual(
    passes.map(({ kind, state, attempts }) => ({ kind, state, attempts })),
    [{ kind: 'initial', state: 'done', attempts: 1 }],
  )
})

test('a pass that has nowhere to go on from reads everything, without waiting for the schedule', async (t) => {
  const { hub, tableId } = await copiedHub(t)
  const [a] = await hub.dump('contact')
  await change(hub, a!.id, { jobtitle: 'Operator' })
  await hub.pool.query('update jackfield.synced_table set delta_link = null, read_since = null')
  await requestRun(hub.pool, { tableId, kind: 'incremental', cause: 'test', requestedBy: 'test' })
  await until(async () => (await differences(hub, 'contact')).length === 0)
})

test('a text column that was made longer in the CRM takes longer texts', async (t) => {
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  const column = (maxLength: number) => ({ name: 'cr123_note', maxLength })
  await hub.control('/schema', { entity: 'contact', addColumn: column(10) })
  await addColumns(hub, connection.id, ['cr123_note'])
  hub.worker()
  await copied(hub)
  const [a] = await hub.dump('contact')
  await hub.control('/schema', { entity: 'contact', removeColumn: 'cr123_note' })
  await hub.control('/schema', { entity: 'contact', addColumn: column(100) })
  await change(hub, a!.id, { cr123_note: 'longer than ten characters' })
  await passed(hub)
  await passed(hub)
  assert.deepEqual(await listParked(hub.pool, { limit: 10 }), [])
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('a filter on a column that is gone stops the table with the reason', async (t) => {
  const { hub, connection } = await copiedHub(t)
  await hub.connections.setTable(connection.id, 'contact', { filter: { field: 'jobtitle', is: 'ne', value: 'Hidden' } })
  await passed(hub)
  await hub.control('/faults', { kind: 'column-removed', entity: 'contact', column: 'jobtitle' })
  await hub.pool.query('update jackfield.synced_table set delta_link = null, read_since = null, next_pass_at = now()')
  const failed = await until(async () => (await listRuns(hub.pool, { state: 'failed', limit: 1 }))[0])
  assert.equal(failed.problem!.code, 'filter.invalid')
})

test('a list of changes that breaks off is not taken for a whole one', async (t) => {
  const hub = await testHub(t, { records: 600, pageSize: 100 })
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  await hub.control('/faults', { kind: 'no-delta-link', times: 1, after: 2, on: ['page'] })
  hub.worker()
  await copied(hub)
  const [first] = (await listRuns(hub.pool, { limit: 20 })).filter(({ kind }) => kind === 'initial')
  assert.equal(first!.result!.records, (await hub.dump('contact')).length)
  assert.notEqual((await hub.table('contact')).deltaLink, null)
})

test('a CRM that refuses every list of changes is not compared as a whole for ever', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  await hub.control('/faults', { kind: 'delta-expired', times: 0, on: ['delta'] })
  hub.worker()
  const whole = await until(async () => {
    const fulls = (await listRuns(hub.pool, { limit: 50 })).filter(({ kind }) => kind === 'full')
    return fulls.length > 2 ? fulls : null
  })
  const [latest, ...before] = whole
  assert.deepEqual(
    before.map(({ state }) => state),
    ['done', 'done'],
  )
  assert.equal(latest?.state, 'waiting')
  assert.equal(latest.problem?.code, 'crm.delta_expired')
  assert.ok(latest.notBefore.getTime() > Date.now() + 600_000, 'it is put off')
  const { problem } = await hub.table('contact')
  assert.match((problem as { message: string }).message, /3 times within a day/)
})

test('a worker that slept forgets no pushed change that another has taken over, be it of a table at rest or of a projection', async (t) => {
  const hub = await testHub(t, { records: 60 })
  const { id: connectionId } = await hub.connect()
  const [contact] = await hub.dump('contact')
  const [account] = await hub.dump('account')
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  await hub.pool.query(
    `with made as (insert into jackfield.destination(id, connection_id, state, on_delete, entities, labels)
        values (gen_random_uuid(), $1, 'active', 'keep', '{contact}', '{Dynamics}') returning id)
      insert into jackfield.destination_row(destination_id, record_id, table_id, entity, row_id)
        select id, gen_random_uuid(), $2, 'contact', $3 from made`,
    [connectionId, (await hub.table('contact')).id, contact!.id],
  )
  const open = async () => (await hub.pool.query('select from jackfield.hint')).rowCount
  const name = `hints:${connectionId}`
  for (const [entity, sourceId] of [
    ['contact', contact!.id],
    ['account', account!.id],
  ] as const) {
    await insertHints(hub.pool, [{ eventKey: entity, connectionId, entity, sourceId, operation: 'Update' }])
    const settle = (slept: boolean) =>
      withLease(hub.pool, name, { id: randomUUID(), label: 'test' }, async (lease) => {
        if (slept) await hub.pool.query('update jackfield.lease set epoch = epoch + 1 where name = $1', [name])
        return await settleConnection(hub.context, connectionId, lease, createRest(systemClock))
      })
    await assert.rejects(settle(true), { code: 'job.lease_lost' }, entity)
    assert.equal(await open(), 1, entity)
    await hub.pool.query('delete from jackfield.lease')
    assert.equal(await settle(false), true)
    assert.equal(await open(), 0, entity)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#database/pool.ts'
import { listRecords } from '#records/find.ts'
import { drawTicket, storeRows } from '#records/store.ts'
import { openTable } from '#sync/context.ts'
import { requestRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import { copied, type TestHub, testHub, until } from '../support/hub.ts'

/** Contacts only, in twelve pages, each slow enough to strike between two also where all else is slow. */
async function slowHub(t: Parameters<typeof testHub>[0]) {
  const hub = await testHub(t, { records: 2_400 })
  const connection = await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  await hub.control('/settings', { maxPageSize: 200 })
  await hub.control('/faults', { kind: 'latency', ms: 600, times: 0, on: ['page'] })
  return { hub, connection }
}

const pages = async (hub: TestHub) => (await hub.pool.query('select from jackfield.sync_page')).rowCount!

const withoutColumn = async (hub: TestHub, column: string) =>
  (await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 10_000 })).records.filter(
    ({ sourceFields }) => !(column in sourceFields),
  ).length

test('a column that is added while a first copy rests is read for every row', async (t) => {
  const { hub, connection } = await slowHub(t)
  const first = hub.worker()
  await until(async () => (await pages(hub)) >= 3)
  await first.stop()
  const { columns } = await hub.table('contact')
  await hub.connections.setTable(connection.id, 'contact', { columns: [...columns, 'pager'] })
  await hub.control('/faults', undefined, 'DELETE')
  hub.worker()
  await copied(hub)
  assert.equal(await withoutColumn(hub, 'pager'), 0)
})

test('a column that is added while a first copy runs is read for every row, without waiting for the schedule', async (t) => {
  const { hub, connection } = await slowHub(t)
  await hub.pool.query('update jackfield.synced_table set schedule_seconds = 86400')
  hub.worker()
  await until(async () => (await pages(hub)) >= 3)
  const { columns } = await hub.table('contact')
  await hub.connections.setTable(connection.id, 'contact', { columns: [...columns, 'pager'] })
  await hub.control('/faults', undefined, 'DELETE')
  await copied(hub)
  assert.equal(await withoutColumn(hub, 'pager'), 0)
})

test('a table that is switched off in mid-copy is not copied on, and goes on where it was', async (t) => {
  const { hub, connection } = await slowHub(t)
  hub.worker()
  await until(async () => (await pages(hub)) >= 2)
  await hub.connections.setTable(connection.id, 'contact', { enabled: false })
  const run = await until(async () => (await listRuns(hub.pool, { state: 'waiting', limit: 1 }))[0])
  const stored = await pages(hub)
  assert.ok(stored < 12, `${stored} of 12 pages`)
  await hub.control('/faults', undefined, 'DELETE')
  await hub.connections.setTable(connection.id, 'contact', { enabled: true })
  await copied(hub)
  const [done] = (await listRuns(hub.pool, { limit: 10 })).filter(({ kind }) => kind === 'initial')
  assert.deepEqual([done!.id, done!.state], [run.id, 'done'])
})

test('rows that were read under settings of before are not stored', async (t) => {
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  const work = await openTable(hub.context, await hub.table('contact'))
  const ticket = await drawTicket(hub.pool)
  const [row] = await hub.dump('contact')
  const { rows } = await work.connector.readByIds(work.session, work.scope, [row!.id], 'person')
  await hub.connections.setTable(connection.id, 'contact', { columns: [...work.table.columns, 'pager'] })
  const storing = inTransaction(hub.pool, (tx) =>
    storeRows(tx, work.target, rows, { ticket, cause: 'hint', byId: true }),
  )
  await assert.rejects(storing, { code: 'sync.settings_changed' })
  assert.equal((await hub.pool.query('select from jackfield.record')).rowCount, 0)
})

test('a second first copy that was asked for at the last moment feeds what it changes', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  hub.worker()
  await copied(hub)
  const { id: tableId } = await hub.table('contact')
  const [a] = await hub.dump('contact')
  await hub.pool.query(
    `update jackfield.synced_table set next_pass_at = now() + interval '1 day', schedule_seconds = 86400`,
  )
  await hub.control('/records', { entity: 'contact', operation: 'change', id: a!.id, fields: { jobtitle: 'Operator' } })
  const { id } = await requestRun(hub.pool, { tableId, kind: 'initial', cause: 'test', requestedBy: 'test' })
  await until(async () => (await listRuns(hub.pool, { state: 'done', limit: 50 })).some((run) => run.id === id))
  const { rows } = await hub.pool.query<{ count: number }>(
    `select count(*)::int as count from jackfield.change where changed ? 'jobtitle'`,
  )
  assert.equal(rows[0]!.count, 1)
})

test('a first copy that had to begin anew feeds nothing', async (t) => {
  const { hub } = await slowHub(t)
  await hub.control('/faults', { kind: 'delta-expired', times: 1, after: 2, on: ['page'] })
  hub.worker()
  await copied(hub)
  const { rows } = await hub.pool.query<{ count: number }>('select count(*)::int as count from jackfield.change')
  assert.equal(rows[0]!.count, 0)
})

test('a reading that is stored while the first copy ends is fed, or is part of it', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  const before = await hub.table('contact')
  const work = await openTable(hub.context, before)
  const [row] = await hub.dump('contact')
  const ticket = await drawTicket(hub.pool)
  const { rows } = await work.connector.readByIds(work.session, work.scope, [row!.id], 'person')
  // The first copy ended after the hint's reader had looked at the table.
  await hub.pool.query('update jackfield.synced_table set first_pass_at = now() where id = $1', [before.id])
  await inTransaction(hub.pool, (tx) => storeRows(tx, work.target, rows, { ticket, cause: 'hint', byId: true }))
  const fed = await hub.pool.query('select from jackfield.change')
  assert.equal(fed.rowCount, 1)
})

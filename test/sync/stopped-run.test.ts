import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cancelRun, findRun, pauseRun, requestRun, resumeRun } from '#sync/run.ts'
import { copied, differences, passed, testHub, until } from '../support/hub.ts'

test('a run that is paused or cancelled gives its table free, though the CRM owes it an answer', async (t) => {
  const hub = await testHub(t, { records: 300 })
  await hub.connect()
  hub.worker()
  await copied(hub)
  const { id: tableId } = await hub.table('contact')
  const hangingRun = async () => {
    // A copy is followed by a reading of changes at once, which would take the fault and the table before the run does.
    await passed(hub)
    await hub.control('/faults', { kind: 'hang', ms: 600_000, on: ['page'], match: '/contacts?' })
    const run = await requestRun(hub.pool, { tableId, kind: 'full', cause: 'person' })
    await until(async () => (await hub.control<{ faults: unknown[] }>('/faults', undefined, 'GET')).faults.length === 0)
    assert.equal((await findRun(hub.pool, run.id)).state, 'running')
    return run
  }
  const untilDone = async (runId: string) => {
    const began = performance.now()
    await until(async () => (await findRun(hub.pool, runId)).state === 'done')
    // An attempt at the CRM may take 120 s.
    assert.ok(performance.now() - began < 100_000)
  }

  const paused = await hangingRun()
  await pauseRun(hub.pool, paused.id)
  const between = await requestRun(hub.pool, { tableId, kind: 'audit', cause: 'person' })
  await untilDone(between.id)
  await resumeRun(hub.pool, paused.id)
  await untilDone(paused.id)

  const cancelled = await hangingRun()
  await cancelRun(hub.pool, cancelled.id)
  const after = await requestRun(hub.pool, { tableId, kind: 'full', cause: 'person' })
  await untilDone(after.id)
  assert.equal((await findRun(hub.pool, cancelled.id)).state, 'cancelled')
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('a table that is switched off while it is copied gives its lease up, and goes on when it is switched on', async (t) => {
  const hub = await testHub(t, { records: 300 })
  await hub.connect()
  const { id: tableId } = await hub.table('contact')
  const switchTo = (enabled: boolean) =>
    hub.pool.query('update jackfield.synced_table set enabled = $2 where id = $1', [tableId, enabled])
  const copies = async () => {
    const { rows } = await hub.pool.query<{ state: string; free: boolean }>(
      `select r.state, l.until < now() as free from jackfield.sync_run r join jackfield.lease l on l.name = 'sync:' || r.table_id
       where r.table_id = $1 and r.kind = 'initial'`,
      [tableId],
    )
    return rows[0]
  }
  const asked = async () => (await hub.control<{ total: number }>('/requests', undefined, 'GET')).total
  await hub.control('/faults', { kind: 'hang', ms: 600_000, on: ['page'], match: '/contacts?' })
  hub.worker()
  await until(async () => (await hub.control<{ faults: unknown[] }>('/faults', undefined, 'GET')).faults.length === 0)
  // So that whatever is asked from now on is asked for this table.
  await until(async () => {
    const others = 'select from jackfield.synced_table where enabled and completeness is null and id <> $1'
    return (await hub.pool.query(others, [tableId])).rowCount === 0
  })
  await switchTo(false)
  await until(async () => (await copies())?.state === 'waiting')
  const before = await asked()
  await until(async () => (await copies())?.free || (await asked()) > before + 100)
  assert.equal((await copies())?.free, true, 'it is begun over and over')
  await switchTo(true)
  await copied(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
})

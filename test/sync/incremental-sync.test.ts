import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listRecords } from '#records/find.ts'
import { listRuns } from '#sync/run-list.ts'
import { copied, differences, feedOf, passed, type TestHub, testHub, until } from '../support/hub.ts'

async function copiedHub(t: Parameters<typeof testHub>[0], records = 60): Promise<TestHub> {
  const hub = await testHub(t, { records })
  await hub.connect()
  hub.worker()
  await copied(hub)
  return hub
}

const change = (operation: string, id?: string, fields?: Record<string, unknown>) => ({
  entity: 'contact',
  operation,
  ...(id === undefined ? {} : { id }),
  ...(fields === undefined ? {} : { fields }),
})

test('edits, creations and deletes arrive by the list of changes and are fed once each', async (t) => {
  const hub = await copiedHub(t)
  const [a, b] = await hub.dump('contact')
  await hub.control('/records', [
    change('change', a!.id, { jobtitle: 'Switchboard operator' }),
    change('delete', b!.id),
    change('create'),
  ])
  await passed(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const feed = await feedOf(hub, 'contact')
  assert.deepEqual(feed.map(({ operation }) => operation).sort(), ['changed', 'created', 'deleted'])
  const changed = feed.find(({ operation }) => operation === 'changed')!
  assert.equal(changed.changed.jobtitle?.after, 'Switchboard operator')
  await passed(hub)
  assert.equal((await feedOf(hub, 'contact')).length, 3)
})

test('a restored record comes back', async (t) => {
  const hub = await copiedHub(t)
  const [a] = await hub.dump('contact')
  await hub.control('/records', change('delete', a!.id))
  await passed(hub)
  await hub.control('/records', change('restore', a!.id))
  await passed(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const operations = (await feedOf(hub, 'contact')).map(({ operation }) => operation)
  assert.deepEqual(operations, ['deleted', 'restored'])
})

test('an expired list of changes leads to a full comparison, and it is said', async (t) => {
  const hub = await copiedHub(t)
  const [a, b] = await hub.dump('contact')
  await hub.control('/records', [change('change', a!.id), change('delete', b!.id)])
  await hub.control('/faults', { kind: 'delta-expired', times: 1, match: 'contacts' })
  await passed(hub)
  await passed(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const runs = await listRuns(hub.pool, { tableIds: [(await hub.table('contact')).id], limit: 50 })
  assert.ok(runs.some(({ kind, state }) => kind === 'full' && state === 'done'))
  assert.ok(runs.some(({ problem }) => problem?.code === 'crm.delta_expired'))
})

test('a table without change tracking is read by modification time, and its deletes by the audit', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set source = source || '{"changeTracking": false}'`)
  hub.worker()
  await copied(hub)
  const [a, b] = await hub.dump('contact')
  await hub.control('/records', [change('change', a!.id), change('delete', b!.id), change('create')])
  await passed(hub)
  assert.deepEqual(await differences(hub, 'contact'), [`revived ${b!.id}`])
  await hub.pool.query(
    `update jackfield.synced_table set completeness = completeness || '{"at": "2020-01-01T00:00:00Z"}'`,
  )
  await passed(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('a row that leaves the filter goes out of scope, is not found by its number, and comes back', async (t) => {
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  await hub.connections.setTable(connection.id, 'contact', { filter: { field: 'jobtitle', is: 'ne', value: 'Hidden' } })
  hub.worker()
  await copied(hub)
  const [a] = await hub.dump('contact')
  await hub.control('/records', change('change', a!.id, { jobtitle: 'Hidden' }))
  await passed(hub)
  const find = async () =>
    (await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 1_000 })).records.find(
      ({ source }) => source.id === a!.id,
    )!
  assert.notEqual((await find()).outOfScopeAt, null)
  assert.equal((await find()).deletedAt, null)
  assert.deepEqual((await find()).phones, [])
  await hub.control('/records', change('change', a!.id, { jobtitle: 'Seen' }))
  await passed(hub)
  assert.equal((await find()).outOfScopeAt, null)
})

for (const fault of [
  { kind: 'html', times: 2, on: ['delta'] },
  { kind: 'truncate', times: 2, on: ['delta'] },
  { kind: '503', times: 3, on: ['delta'] },
  { kind: '429', retryAfter: 1, times: 2, on: ['delta'] },
  { kind: 'drop', times: 2, on: ['delta'] },
  { kind: 'token-rejected', times: 1, on: ['delta'] },
]) {
  test(`a passing fault (${fault.kind}) delays the changes and loses none`, async (t) => {
    const hub = await copiedHub(t)
    const rows = await hub.dump('contact')
    await hub.control(
      '/records',
      rows.slice(0, 20).map(({ id }) => change('change', id)),
    )
    await hub.control('/faults', fault)
    await passed(hub)
    await until(async () => (await differences(hub, 'contact')).length === 0)
    const { faults } = await hub.control<{ faults: { hits: number }[] }>('/faults', undefined, 'GET')
    assert.ok(faults.every(({ hits }) => hits > 0) || faults.length === 0, 'the fault struck')
  })
}

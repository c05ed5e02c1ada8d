import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '#core/clock.ts'
import { listRecords } from '#records/find.ts'
import type { Completeness } from '#sync/table-state.ts'
import { copied, testHub, until } from '../support/hub.ts'

const hourMs = 3_600_000

test('rows enter and leave a filter that moves with time, though nobody changes them', async (t) => {
  let aheadMs = 0
  const clock = { ...systemClock, now: () => Date.now() + aheadMs }
  const hub = await testHub(t, { records: 40, clock })
  const ids = (await hub.dump('contact')).filter(({ deleted }) => !deleted).map(({ id }) => id)
  const [leaving, entering, staying] = ids as [string, string, string]
  const start = clock.now()
  const change = (id: string, hours: number) => {
    const fields = { lastonholdtime: new Date(start + hours * hourMs).toISOString() }
    return { entity: 'contact', operation: 'change', id, fields }
  }
  await hub.control('/records', [change(leaving, -36), change(entering, 12), change(staying, -12)])
  const connection = await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  const { columns } = await hub.table('contact')
  await hub.connections.setTable(connection.id, 'contact', {
    columns: [...new Set([...columns, 'lastonholdtime'])],
    filter: { field: 'lastonholdtime', is: 'within_days', value: 2 },
  })
  hub.worker()
  await copied(hub)
  const held = async () => {
    const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 100 })
    return records
      .filter(({ deletedAt, outOfScopeAt }) => deletedAt === null && outOfScopeAt === null)
      .map(({ source }) => source.id)
  }
  const before = await held()
  assert.deepEqual(
    [leaving, entering, staying].map((id) => before.includes(id)),
    [true, false, true],
  )

  aheadMs = 25 * hourMs
  await hub.pool.query('update jackfield.synced_table set next_pass_at = now()')
  const completeness = await until(async () => {
    const found = (await hub.table('contact')).completeness as Completeness | null
    return found && Date.parse(found.at) > start + aheadMs ? found : undefined
  })
  assert.equal(completeness.differences, 0, 'what moved by waiting is no difference')
  const after = await held()
  assert.deepEqual(
    [leaving, entering, staying].map((id) => after.includes(id)),
    [false, true, true],
  )
})

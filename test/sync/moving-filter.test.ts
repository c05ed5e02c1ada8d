import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { listRecords } from '#records/find.ts'
import type { Completeness } from '#sync/table-state.ts'
import { copied, testHub, until } from '../support/hub.ts'

const dayMs = 86_400_000
/** The first copy is over by then. */
const aheadMs = 30_000

test('rows enter and leave a filter that moves with time, though nobody changes them', async (t) => {
  const hub = await testHub(t, { records: 40 })
  const ids = (await hub.dump('contact')).filter(({ deleted }) => !deleted).map(({ id }) => id)
  const [leaving, entering, staying] = ids as [string, string, string]
  const turn = Date.now() + aheadMs
  const at = (ms: number) => ({ lastonholdtime: new Date(ms).toISOString() })
  await hub.control('/records', [
    { entity: 'contact', operation: 'change', id: leaving, fields: at(turn - dayMs) },
    { entity: 'contact', operation: 'change', id: entering, fields: at(turn) },
    { entity: 'contact', operation: 'change', id: staying, fields: at(turn - dayMs / 2) },
  ])
  const connection = await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  const { columns } = await hub.table('contact')
  await hub.connections.setTable(connection.id, 'contact', {
    columns: [...new Set([...columns, 'lastonholdtime'])],
    filter: { field: 'lastonholdtime', is: 'within_days', value: 1 },
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
  assert.ok(Date.now() < turn, 'the first copy took too long for this test')
  assert.deepEqual(
    [leaving, entering, staying].map((id) => before.includes(id)),
    [true, false, true],
  )

  await wait(Math.max(0, turn - Date.now()) + 1_000)
  // A day later, as far as the audit can tell.
  await hub.pool.query(`update jackfield.synced_table set next_pass_at = now(),
    completeness = jsonb_set(completeness, '{at}', to_jsonb(now() - interval '25 hours'))`)
  const completeness = await until(async () => {
    const found = (await hub.table('contact')).completeness as Completeness | null
    return found && Date.parse(found.at) > turn ? found : undefined
  })
  assert.equal(completeness.differences, 0, 'what moved by waiting is no difference')
  const after = await held()
  assert.deepEqual(
    [leaving, entering, staying].map((id) => after.includes(id)),
    [false, true, true],
  )
})

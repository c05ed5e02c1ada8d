import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TestHub, testHub, until } from '../support/hub.ts'

const isCopied = (hub: TestHub) =>
  until(async () => {
    const { rows } = await hub.pool.query<{ open: bigint }>(
      'select count(*) as open from jackfield.synced_table where enabled and first_pass_at is null',
    )
    return rows[0]!.open === 0n
  })

const counts = async (hub: TestHub) => {
  const { rows } = await hub.pool.query(
    `select (select count(*) from jackfield.record) as records, (select count(*) from jackfield.contact_point) as points,
      (select count(*) from jackfield.relation) as relations`,
  )
  return rows[0]
}

test('keys that a fault left behind without their record do not stop the first copy', async (t) => {
  const copied = await testHub(t, { records: 300 })
  await copied.connect()
  copied.worker()
  await isCopied(copied)
  const { rows: points } = await copied.pool.query('select * from jackfield.contact_point')
  const { rows: relations } = await copied.pool.query('select * from jackfield.relation')

  // The same organisation again, in a hub that already has every other key of it, and no record.
  const hub = await testHub(t, { records: 300 })
  await hub.connect()
  const insertEveryOther = (table: string, rows: unknown[]) =>
    hub.pool.query(
      `insert into jackfield.${table} select * from json_populate_recordset(null::jackfield.${table}, $1::json)`,
      [JSON.stringify(rows.filter((_, i) => i % 2 === 0))],
    )
  await insertEveryOther('contact_point', points)
  await insertEveryOther('relation', relations)
  hub.worker()
  await isCopied(hub)
  assert.deepEqual(await counts(hub), await counts(copied))
})

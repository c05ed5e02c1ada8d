import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listRecords } from '#records/find.ts'
import { type TestHub, testHub, until } from '../support/hub.ts'

const everyTableIsAudited = (hub: TestHub) =>
  until(async () => {
    const { rows } = await hub.pool.query<{ open: bigint }>(
      'select count(*) as open from jackfield.synced_table where enabled and completeness is null',
    )
    return rows[0]!.open === 0n
  })

test('every account and contact is copied, with its version and its fields', async (t) => {
  const hub = await testHub(t, { records: 3_000 })
  await hub.connect()
  hub.worker()
  await everyTableIsAudited(hub)
  for (const entity of ['account', 'contact']) {
    const expected = await hub.dump(entity)
    const { records } = await listRecords(hub.pool, hub.finder, { entity, limit: 10_000 })
    assert.equal(records.length, expected.length)
    const byId = new Map(records.map((record) => [record.source.id, record]))
    for (const row of expected) assert.equal(byId.get(row.id)?.mark, String(row.version))
  }
})

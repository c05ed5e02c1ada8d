import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '#core/ids.ts'
import { pageOfRuns } from '#sync/run-list.ts'
import { testHub } from '../support/hub.ts'

test('runs made in one instant are listed once each, page by page', async (t) => {
  const hub = await testHub(t, { records: 5 })
  await hub.connect()
  const { id: tableId } = await hub.table('contact')
  const made = Array.from({ length: 12 }, () => uuidv7())
  // Four instants of the same millisecond, three runs each.
  await hub.pool.query(
    `insert into jackfield.sync_run(id, table_id, kind, state, cause, created_at)
      select id, $2, 'audit', 'done', 'test', '2026-03-04 05:06:07.123450+00'::timestamptz + (place / 3) * interval '1 microsecond'
      from unnest($1::uuid[]) with ordinality as run(id, place)`,
    [made, tableId],
  )
  for (const limit of [1, 2, 5]) {
    const listed: string[] = []
    let cursor: string | undefined
    do {
      const page = await pageOfRuns(hub.pool, { tableIds: [tableId], limit, ...(cursor ? { cursor } : {}) })
      listed.push(...page.runs.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined && listed.length <= made.length)
    assert.deepEqual(listed, made.toReversed(), `by ${limit}`)
  }
  await assert.rejects(pageOfRuns(hub.pool, { cursor: '1', limit: 1 }), { code: 'input.invalid' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ledger } from '#outbox/ledger.ts'
import { purgeWrites } from '#outbox/purge.ts'
import { listWrites } from '#outbox/store.ts'
import type { WriteState } from '#outbox/write.ts'
import { startHub } from './hub-under-test.ts'

const states: WriteState[] = ['kept', 'sending', 'sent', 'done', 'failed', 'unknown', 'cancelled']

test('writes that ended long ago are removed, and the ledger counts them still', async (t) => {
  const hub = await startHub(t, { start: false })
  const { pool, connectionId } = hub
  for (const days of [200, 100, 10]) {
    for (const state of states) {
      const { id } = await hub.keep({ operation: 'create', sourceFields: { lastname: `${state} ${days}` } })
      await pool.query(
        `update jackfield.outbox set state = $2, created_at = now() - make_interval(days => $3),
          done_at = case when $2 in ('done', 'failed', 'cancelled') then now() - make_interval(days => $3) end where id = $1`,
        [id, state, days],
      )
    }
  }
  const before = await ledger(pool)
  assert.equal(before.removedUntil, null)
  assert.equal(await purgeWrites(pool, 90), 4)
  assert.equal(await purgeWrites(pool, 90), 0)
  const kept = (await listWrites(pool, { connectionId, limit: 100 })).writes.map(({ state }) => state).sort()
  const all = states.flatMap((state) => [state, state, state])
  assert.deepEqual(
    kept,
    [
      ...states.filter((state) => state !== 'done' && state !== 'cancelled').flatMap((state) => [state, state, state]),
      'done',
      'cancelled',
    ].sort(),
  )
  assert.equal(all.length - kept.length, 4)
  const after = await ledger(pool)
  assert.deepEqual([after.total, after.lines], [before.total, before.lines], 'the books are what they were')
  const days = (Date.now() - (after.removedUntil?.getTime() ?? 0)) / 86_400_000
  assert.ok(days > 99 && days < 101, 'what was accepted after this is all there')
  // A period is counted by the writes that are there.
  const early = await ledger(pool, { to: new Date(Date.now() - 150 * 86_400_000) })
  assert.deepEqual([early.total.done, early.total.failed], [0, 1])
  assert.ok(early.removedUntil)
})

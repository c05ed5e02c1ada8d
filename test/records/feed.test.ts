import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { inTransaction } from '#database/pool.ts'
import { readFeed } from '#records/feed.ts'
import { feedChanges } from '#records/feed-write.ts'
import type { TableCache } from '#records/table-cache.ts'
import { testDatabase } from '../support/database.ts'

const noTables: TableCache = { all: async () => [], get: async () => undefined, forget: () => undefined }

test('16 writers whose transactions end in any order: a reader misses none and reads none twice', async (t) => {
  const { pool } = await testDatabase(t, { max: 20 })
  const seen: string[] = []
  const written: string[] = []
  let writing = true
  const writer = async (seed: number) => {
    for (let i = 0; i < 40; i += 1) {
      const ids = Array.from({ length: 1 + ((seed + i) % 5) }, () => randomUUID())
      await inTransaction(pool, async (tx) => {
        for (const id of ids) {
          await feedChanges(tx, 1, [{ id, operation: 'changed', mark: [1n], changed: {}, cause: 'sync' }])
          // What was numbered first often ends last: that is what loses rows to a reader by number.
          await wait((seed * 7 + i * 3) % 11)
        }
      })
      written.push(...ids)
    }
  }
  const patience = performance.now() + 60_000
  const reader = async () => {
    let cursor: string | undefined
    for (;;) {
      const last = !writing
      const changes = await readFeed(pool, noTables, { ...(cursor === undefined ? {} : { cursor }), limit: 50 })
      for (const change of changes) seen.push(change.recordId)
      cursor = changes.at(-1)?.cursor ?? cursor
      // Another database of the cluster may hold the reader back for a while by a transaction of its own.
      if (last && (seen.length >= written.length || performance.now() > patience)) return
      await wait(2)
    }
  }
  const reading = reader()
  await Promise.all(Array.from({ length: 16 }, (_, seed) => writer(seed)))
  writing = false
  await reading
  assert.equal(seen.length, new Set(seen).size)
  assert.deepEqual([...seen].sort(), [...written].sort())
})

test('transaction ids that gain a digit keep their order: none is missed, none given twice', async (t) => {
  const { pool } = await testDatabase(t)
  const written = Array.from({ length: 12 }, () => randomUUID())
  // 94 to 105: as text, 100 comes before 94.
  for (const [n, id] of written.entries()) {
    await pool.query(
      `insert into jackfield.change(xid, table_id, record_id, operation, cause, changed)
        values ($1::text::xid8, 1, $2, 'changed', 'sync', '{}')`,
      [String(94 + n), id],
    )
  }
  const seen: string[] = []
  for (let cursor = '0.0'; ; ) {
    const changes = await readFeed(pool, noTables, { cursor, limit: 4 })
    if (changes.length === 0) break
    seen.push(...changes.map((change) => change.recordId))
    cursor = changes.at(-1)!.cursor
  }
  assert.deepEqual(seen, written)
})

test('a cursor that this hub never gave is refused', async (t) => {
  const { pool } = await testDatabase(t)
  await assert.rejects(readFeed(pool, noTables, { cursor: "1' or 1=1", limit: 1 }), { code: 'input.invalid' })
})

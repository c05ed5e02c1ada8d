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
  const reader = async () => {
    let cursor: string | undefined
    for (;;) {
      const last = !writing
      const changes = await readFeed(pool, noTables, { ...(cursor === undefined ? {} : { cursor }), limit: 50 })
      for (const change of changes) seen.push(change.recordId)
      cursor = changes.at(-1)?.cursor ?? cursor
      if (last && changes.length === 0) return
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

test('a cursor that this hub never gave is refused', async (t) => {
  const { pool } = await testDatabase(t)
  await assert.rejects(readFeed(pool, noTables, { cursor: "1' or 1=1", limit: 1 }), { code: 'input.invalid' })
})

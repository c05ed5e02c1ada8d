import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pool } from '#database/pool.ts'
import { feedEnd, readFeed } from '#records/feed.ts'
import { feedHeldBack } from '#records/feed-horizon.ts'
import type { TableCache } from '#records/table-cache.ts'
import { testDatabase } from '../support/database.ts'
import { feedChange, longTransaction } from '../support/held-feed.ts'
import { until } from '../support/hub.ts'

const noTables: TableCache = { all: async () => [], get: async () => undefined, forget: () => undefined }

const read = (pool: Pool, cursor?: string) =>
  readFeed(pool, noTables, { ...(cursor === undefined ? {} : { cursor }), limit: 100 })

test('a long transaction in another database of the server holds no change back', async (t) => {
  const { pool, url } = await testDatabase(t)
  const other = await testDatabase(t, { migrated: false })
  const long = await longTransaction(other.url)
  try {
    const before = await feedEnd(pool)
    await feedChange(url)
    // One that ended between the snapshot and the look at it is waited for once more, and other tests' come and go.
    await until(async () => (await read(pool)).length === 1)
    await until(async () => (await read(pool, before)).length === 1)
    await until(async () => (await read(pool, await feedEnd(pool))).length === 0)
    await until(async () => (await feedHeldBack(pool, 0)) === null)
  } finally {
    await long.end()
  }
})

test('one in the same database does, since it may still feed; what waits for whom is told', async (t) => {
  const { pool, url } = await testDatabase(t)
  const long = await longTransaction(url)
  try {
    await feedChange(url, 90)
    assert.deepEqual(await read(pool), [])
    const held = await feedHeldBack(pool, 60)
    assert.ok(held && Date.now() - held.since.getTime() > 60_000)
    assert.deepEqual(held.by, { kind: 'session', pid: long.pid, application: long.application, user: long.user })
    assert.equal(await feedHeldBack(pool, 3_600), null)
  } finally {
    await long.end()
  }
  await until(async () => (await read(pool)).length === 1)
  // Transactions of other tests' databases may hold it back once more, for a moment.
  await until(async () => (await feedHeldBack(pool, 60)) === null)
})

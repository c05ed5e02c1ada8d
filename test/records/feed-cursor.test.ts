import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Pool } from '#database/pool.ts'
import { adoptRestoredFeed, feedEnd, purgeFeed, readFeed } from '#records/feed.ts'
import type { TableCache } from '#records/table-cache.ts'
import { testDatabase } from '../support/database.ts'
import { copied, testHub, until } from '../support/hub.ts'

const noTables: TableCache = { all: async () => [], get: async () => undefined, forget: () => undefined }

const feed = (pool: Pool, daysAgo = 0) =>
  pool.query(
    `insert into jackfield.change(at, table_id, record_id, operation, cause, changed)
      values (now() - make_interval(days => $1), 1, $2, 'changed', 'sync', '{}')`,
    [daysAgo, randomUUID()],
  )

const read = (pool: Pool, cursor?: string) =>
  readFeed(pool, noTables, { ...(cursor === undefined ? {} : { cursor }), limit: 100 })

/** Transactions of other databases of the cluster may hold the reader back for a moment. */
const readSome = (pool: Pool, count: number, cursor?: string) =>
  until(async () => {
    const changes = await read(pool, cursor)
    return changes.length >= count ? changes : null
  })

test('a consumer that stayed away for too long is told, instead of being given what is left', async (t) => {
  const { pool } = await testDatabase(t)
  for (let i = 0; i < 4; i += 1) await feed(pool, 31)
  const old = await readSome(pool, 4)
  await feed(pool)
  assert.equal(await purgeFeed(pool, 30), 4)
  await assert.rejects(read(pool, old[1]!.cursor), { code: 'feed.cursor_gone' })
  await assert.rejects(read(pool, '0.0'), { code: 'feed.cursor_gone' })
  assert.equal((await readSome(pool, 1)).length, 1, 'whoever brings no cursor begins with the oldest kept')
})

test('a consumer that had read everything goes on, however long nothing happened', async (t) => {
  const { pool } = await testDatabase(t)
  const end = await feedEnd(pool)
  for (let i = 0; i < 3; i += 1) await feed(pool, 31)
  const last = (await readSome(pool, 3)).at(-1)!.cursor
  await purgeFeed(pool, 30)
  assert.deepEqual(await read(pool, last), [])
  await feed(pool)
  assert.equal((await readSome(pool, 1, last)).length, 1)
  await assert.rejects(read(pool, end), { code: 'feed.cursor_gone' })
})

test('a feed that was restored into another server is read on, and consumers of before are told', async (t) => {
  const { pool } = await testDatabase(t)
  await feed(pool)
  // The numbers of transactions begin anew in a new server; the rows bring those of the old one.
  await pool.query(`update jackfield.change set xid = '4000000000000'::xid8`)
  const { id } = (await pool.query<{ id: bigint }>('select id from jackfield.change')).rows[0]!
  await adoptRestoredFeed(pool)
  await feed(pool)
  assert.equal((await readSome(pool, 2)).length, 2)
  await assert.rejects(read(pool, `4000000000000.${id}`), { code: 'feed.cursor_gone' })
})

test('changes of a connection that was removed stay readable, with their table', async (t) => {
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  const worker = hub.worker()
  await copied(hub)
  const [a] = await hub.dump('contact')
  await hub.control('/records', { entity: 'contact', operation: 'change', id: a!.id, fields: { jobtitle: 'Operator' } })
  await hub.pool.query('update jackfield.synced_table set next_pass_at = now()')
  await until(async () => (await hub.pool.query('select from jackfield.change')).rowCount)
  await worker.stop()
  await hub.connections.remove(connection.id)
  hub.finder.tables.forget()
  const [fed] = await until(async () => {
    const changes = await readFeed(hub.pool, hub.finder.tables, { limit: 10 })
    return changes.length > 0 ? changes : null
  })
  assert.deepEqual([fed!.entity, fed!.connectionId], ['contact', connection.id])
})

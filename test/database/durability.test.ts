import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuseUnfitServer, refuseUnsafeDurability } from '#database/durability.ts'
import { testDatabase } from '../support/database.ts'

test('A database that may lose what it confirmed is refused, and the setting named', async (t) => {
  const { pool, name } = await testDatabase(t, { migrated: false })
  assert.deepEqual(await refuseUnsafeDurability(pool), {
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
  })
  // Set for this database alone, where a look at the server's configuration would not find it.
  await pool.query(`alter database ${name} set synchronous_commit = off`)
  const client = await pool.connect()
  await client.query('set synchronous_commit = local')
  assert.equal((await refuseUnsafeDurability(client)).synchronous_commit, 'local')
  await client.query('set synchronous_commit = off')
  await assert.rejects(refuseUnsafeDurability(client), (error: Error & { code: string }) => {
    assert.equal(error.code, 'database.durability_off')
    assert.match(error.message, /synchronous_commit is off/)
    return true
  })
  client.release(true)
  await assert.rejects(refuseUnsafeDurability(pool), { code: 'database.durability_off' })
})

test('The server is new enough and holds every character, or is refused', async (t) => {
  const { pool } = await testDatabase(t, { migrated: false })
  assert.match(await refuseUnfitServer(pool), /^\d+\.\d+/)
})

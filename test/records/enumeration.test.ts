import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEnumeration } from '#records/enumeration.ts'
import { testDatabase } from '../support/database.ts'

/** As many audits as a full disk lets fail would otherwise end every other work of the process. */
test('An audit that a full disk refuses to begin takes no session with it', async (t) => {
  const { pool } = await testDatabase(t, { max: 2 })
  await pool.query(`create function public.full_disk() returns event_trigger language plpgsql as
    $$ begin raise 'could not extend file' using errcode = '53100'; end $$`)
  await pool.query(`create event trigger full_disk on ddl_command_start when tag in ('CREATE TABLE')
    execute function public.full_disk()`)
  for (let time = 0; time < 4; time++) {
    await assert.rejects(openEnumeration(pool, 1, 1n), { code: '53100' })
  }
  assert.equal(pool.totalCount - pool.idleCount, 0)
  await pool.query('drop event trigger full_disk')
  const enumeration = await openEnumeration(pool, 1, 1n)
  assert.deepEqual(await enumeration.counts(), { crm: 0, held: 0 })
  await enumeration.close()
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mendKeys } from '#records/reindex.ts'
import { copied, type TestHub, testHub } from '../support/hub.ts'

const keysOf = async ({ pool }: TestHub) => {
  const points = await pool.query(
    'select * from jackfield.contact_point order by kind, value, table_id, record_id, field',
  )
  const links = await pool.query(
    'select * from jackfield.relation order by target_source_id, role, table_id, record_id',
  )
  return { points: points.rows, links: links.rows }
}

test('the indexes are mended from the records, and nothing else is put into them', async (t) => {
  const hub = await testHub(t, { records: 300 })
  await hub.connect()
  const worker = hub.worker()
  await copied(hub)
  await worker.stop()
  const contacts = await hub.table('contact')
  const copy = await keysOf(hub)
  assert.ok(copy.points.length > 100 && copy.links.length > 100)

  assert.equal(await mendKeys(hub.pool, contacts), 0)
  assert.deepEqual(await keysOf(hub), copy)

  const of = `where ctid = any(array(select ctid from jackfield.%s where table_id = $1 limit 5))`
  for (const table of ['contact_point', 'relation'])
    await hub.pool.query(`delete from jackfield.${table} ${of.replace('%s', table)}`, [contacts.id])
  await hub.pool.query(
    `insert into jackfield.contact_point(kind, value, table_id, record_id, field)
      select kind, left(value, -1), table_id, record_id, field from jackfield.contact_point where table_id = $1 limit 7`,
    [contacts.id],
  )
  assert.equal(await mendKeys(hub.pool, contacts), 17)
  assert.deepEqual(await keysOf(hub), copy)
})

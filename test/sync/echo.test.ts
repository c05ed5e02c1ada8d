import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { recordId } from '#core/ids.ts'
import { copied, feedOf, passed, testHub } from '../support/hub.ts'

test("the hub's own write that comes back by a pass is an echo; someone else's field in it is not", async (t) => {
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  hub.worker()
  await copied(hub)
  const table = await hub.table('contact')
  const { rows } = await hub.pool.query<{ id: string; sourceId: string }>(
    'select id, source_id as "sourceId" from jackfield.record where table_id = $1 order by id limit 2',
    [table.id],
  )
  // Writes on their way: sent, and not read back yet.
  for (const { id, sourceId } of rows) {
    await hub.pool.query(
      `insert into jackfield.outbox(id, connection_id, table_id, record_id, source_id, operation, fields, write_key, state, requested_by)
        values ($1, $2, $3, $4, $5, 'update', '{"jobtitle": "Operator"}', 'echo ' || $5, 'sent', 'test')`,
      [randomUUID(), connection.id, table.id, id, sourceId],
    )
  }
  await hub.control('/records', [
    { entity: 'contact', operation: 'change', id: rows[0]!.sourceId, fields: { jobtitle: 'Operator' } },
    {
      entity: 'contact',
      operation: 'change',
      id: rows[1]!.sourceId,
      fields: { jobtitle: 'Operator', department: 'Elsewhere' },
    },
  ])
  await passed(hub)
  const feed = await feedOf(hub, 'contact')
  const causes = rows.map(({ id }) => feed.find(({ recordId }) => recordId === id)?.cause)
  assert.deepEqual(causes, ['echo', 'sync'])
})

test('a record of our making that someone changed before it was read back is not silenced', async (t) => {
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  hub.worker()
  await copied(hub)
  const table = await hub.table('contact')
  const asked = { lastname: 'Ours', jobtitle: 'Operator', emailaddress1: null }
  const made = await Promise.all(
    ['Operator', 'Theirs'].map(async (jobtitle) => {
      const sourceId = randomUUID()
      const id = recordId({ crm: table.crm, organisation: table.organisation, entity: 'contact', sourceId })
      await hub.pool.query(
        `insert into jackfield.outbox(id, connection_id, table_id, record_id, source_id, operation, fields, write_key, state, requested_by)
          values ($1, $2, $3, $4, $5, 'create', $6, $5, 'sent', 'test')`,
        [randomUUID(), connection.id, table.id, id, sourceId, asked],
      )
      const fields = { ...asked, jobtitle }
      await hub.control('/records', { entity: 'contact', operation: 'create', id: sourceId, fields })
      return id
    }),
  )
  await passed(hub)
  const feed = await feedOf(hub, 'contact')
  assert.deepEqual(
    made.map((id) => feed.find(({ recordId: fed }) => fed === id)?.cause),
    ['echo', 'sync'],
  )
})

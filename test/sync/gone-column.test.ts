import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listRecords } from '#records/find.ts'
import { goneColumns } from '#records/gone-columns.ts'
import { requestRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import type { Completeness } from '#sync/table-state.ts'
import type { TestScope } from '../support/database.ts'
import { copied, differences, feedOf, passed, type TestHub, testHub, until } from '../support/hub.ts'

const column = 'jobtitle'

async function contactHub(t: TestScope) {
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact'`)
  const ids = (await hub.dump('contact')).filter(({ deleted }) => !deleted).map(({ id }) => id)
  for (const [n, id] of ids.slice(0, 3).entries()) await change(hub, id, { [column]: `Title ${n}` })
  hub.worker()
  await copied(hub)
  return { hub, connection, ids }
}

const change = (hub: TestHub, id: string, fields: Record<string, unknown>) =>
  hub.control('/records', { entity: 'contact', operation: 'change', id, fields })

const takeAway = (hub: TestHub) => hub.control('/faults', { kind: 'column-removed', entity: 'contact', column })

async function held(hub: TestHub) {
  const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 1_000 })
  return new Map(records.map(({ source, fields }) => [source.id, fields]))
}

/** Every row is read again, and then compared row by row. */
async function wholePass(hub: TestHub): Promise<void> {
  const { id: tableId } = await hub.table('contact')
  for (const kind of ['full', 'audit'] as const) {
    const run = await requestRun(hub.pool, {
      tableId,
      kind,
      cause: 'test',
      requestedBy: 'test',
      options: { repair: true },
    })
    await until(async () =>
      (await listRuns(hub.pool, { limit: 50 })).some(({ id, state }) => id === run.id && state === 'done'),
    )
  }
  await passed(hub)
}

test('a column that vanishes is flagged and its last values stay, until it is back', async (t) => {
  const { hub, connection, ids } = await contactHub(t)
  const [changed, other, third] = ids as [string, string, string]
  await takeAway(hub)
  await change(hub, changed, { lastname: 'Still Read' })
  await wholePass(hub)

  const table = await hub.table('contact')
  assert.deepEqual(goneColumns(table), [column])
  const since = table.source.fields.find(({ name }) => name === column)!.gone!
  assert.ok(Math.abs(Date.parse(since) - Date.now()) < 3_600_000)
  const rows = await held(hub)
  assert.deepEqual([rows.get(changed)!.lastName, rows.get(changed)!.jobTitle], ['Still Read', 'Title 0'])
  assert.equal(rows.get(other)!.jobTitle, 'Title 1')
  assert.deepEqual(await differences(hub, 'contact'), [])
  const fed = async () => (await feedOf(hub, 'contact')).filter(({ changed: by }) => column in by)
  assert.deepEqual(await fed(), [])
  // What is kept is no difference from the CRM, and no reason to write the same again.
  const { differences: found } = (await hub.table('contact')).completeness as Completeness
  assert.equal(found, 0)
  const ticketOf = async () =>
    (await hub.pool.query('select ticket from jackfield.record where source_id = $1', [other])).rows[0]!.ticket
  const ticket = await ticketOf()
  await wholePass(hub)
  assert.equal(await ticketOf(), ticket)
  assert.equal(table.source.fields.find(({ name }) => name === column)!.gone, since)

  // It can be kept while other settings change, and neither be asked by nor be written.
  const { mapping, columns } = await hub.table('contact')
  await hub.connections.setTable(connection.id, 'contact', { mapping, columns, scheduleSeconds: 600 })
  const filter = { field: column, is: 'eq', value: 'Title 1' } as const
  await assert.rejects(hub.connections.setTable(connection.id, 'contact', { filter }), { code: 'filter.invalid' })

  await hub.control('/faults', undefined, 'DELETE')
  await change(hub, third, { [column]: 'Back Again' })
  await wholePass(hub)
  assert.deepEqual(goneColumns(await hub.table('contact')), [])
  const back = await held(hub)
  assert.deepEqual(
    [changed, other, third].map((id) => back.get(id)!.jobTitle),
    ['Title 0', 'Title 1', 'Back Again'],
  )
  assert.deepEqual(
    (await fed()).map(({ changed: by }) => by[column]!.after),
    ['Back Again'],
  )
})

test('a column that is gone can be taken out of the table, and then its values go', async (t) => {
  const { hub, connection, ids } = await contactHub(t)
  await takeAway(hub)
  await wholePass(hub)
  const { columns, mapping, filter } = await hub.table('contact')
  assert.equal(filter, null)
  assert.equal((await held(hub)).get(ids[0]!)!.jobTitle, 'Title 0')
  const { jobTitle: _gone, ...fields } = mapping.fields
  const without = {
    columns: columns.filter((name) => name !== column),
    mapping: { ...mapping, fields, alsoSearched: mapping.alsoSearched.filter((name) => name !== column) },
  }
  await hub.connections.setTable(connection.id, 'contact', without)
  await wholePass(hub)
  const table = await hub.table('contact')
  assert.ok(!table.source.fields.some(({ name }) => name === column))
  const { rows } = await hub.pool.query(`select 1 from jackfield.record where source like '%Title 0%'`)
  assert.deepEqual(rows, [])
  await assert.rejects(hub.connections.setTable(connection.id, 'contact', { columns }), { code: 'field.unknown' })
})

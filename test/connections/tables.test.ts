import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkMapping } from '#connections/check-mapping.ts'
import type { HubError } from '#core/errors.ts'
import { goneColumns } from '#records/gone-columns.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { inputFor, startCrm, startHub, type TestHub } from './hub.ts'

const code = (expected: string, field?: string) => (error: HubError) =>
  error.code === expected && (field === undefined || error.detail.field === field)

async function connected(t: Parameters<typeof startHub>[0]) {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  return { hub, crm, id, contact: await contactOf(hub, id) }
}

async function contactOf(hub: TestHub, id: string): Promise<SyncedTable> {
  return (await listTables(hub.pool, id)).find((table) => table.entity === 'contact')!
}

/** As a table stands once its first pass is done. */
async function letPass(hub: TestHub): Promise<void> {
  await hub.pool.query(
    `update jackfield.synced_table set delta_link = 'delta', read_since = now(), first_pass_at = now(),
      next_pass_at = now() + interval '300 s'`,
  )
}

test('every default mapping fits what the organisation says of its tables', async (t) => {
  const { hub, id } = await connected(t)
  const tables = await listTables(hub.pool, id)
  assert.ok(tables.length >= 6)
  for (const { mapping, source, columns } of tables) checkMapping(mapping, source, columns)
  assert.deepEqual(
    tables.filter((table) => table.enabled && table.problem).map((table) => [table.entity, table.problem]),
    [],
  )
})

test('a column that is added is read for every row; a mapping alone asks nothing of the CRM', async (t) => {
  const { hub, crm, id, contact } = await connected(t)
  await letPass(hub)
  const asked = crm.simulator.log.total
  const extra = contact.source.fields.find((field) => field.readable && !contact.columns.includes(field.name))!
  const mapped = await hub.connections.setTable(id, 'contact', {
    mapping: { ...contact.mapping, alsoSearched: ['emailaddress1'] },
  })
  assert.equal(mapped.ruleVersion, contact.ruleVersion + 1)
  assert.equal(mapped.deltaLink, 'delta')
  const added = await hub.connections.setTable(id, 'contact', { columns: [...contact.columns, extra.name] })
  assert.ok(added.columns.includes(extra.name))
  assert.deepEqual([added.deltaLink, added.readSince], [null, null])
  assert.ok(added.firstPassAt, 'changes are fed')
  assert.ok(added.nextPassAt!.getTime() <= Date.now() + 1_000)
  assert.equal(crm.simulator.log.total, asked)

  await letPass(hub)
  const filter = { field: 'statecode', is: 'eq', value: 0 } as const
  const filtered = await hub.connections.setTable(id, 'contact', { filter })
  assert.deepEqual([filtered.filter, filtered.deltaLink], [filter, null])
  await letPass(hub)
  const sooner = await hub.connections.setTable(id, 'contact', { filter, scheduleSeconds: 20 })
  assert.equal(sooner.deltaLink, 'delta')
  assert.ok(sooner.nextPassAt!.getTime() <= Date.now() + 21_000)
  assert.equal((await hub.connections.setTable(id, 'contact', { filter: null })).filter, null)
})

test('what a table cannot be is refused by name, and nothing of the change is kept', async (t) => {
  const { hub, id, contact } = await connected(t)
  const change = (wanted: Parameters<typeof hub.connections.setTable>[2]) =>
    hub.connections.setTable(id, 'contact', { scheduleSeconds: 9, ...wanted })
  await assert.rejects(change({ columns: ['fullname', 'no_such_column'] }), code('field.unknown', 'no_such_column'))
  await assert.rejects(
    change({ filter: { field: 'birthdate', is: 'eq', value: 'yesterday' } }),
    code('filter.invalid', 'birthdate'),
  )
  await assert.rejects(
    change({ mapping: { ...contact.mapping, phones: ['birthdate'] } }),
    code('mapping.invalid', 'birthdate'),
  )
  await assert.rejects(hub.connections.setTable(id, 'nothing', {}), code('resource.not_found'))
  assert.deepEqual({ ...(await contactOf(hub, id)), problem: null }, { ...contact, problem: null })
})

test('a column made in the CRM a moment ago can be copied at once, and one that went is flagged and told', async (t) => {
  const { hub, crm, id, contact } = await connected(t)
  const { columns } = crm.simulator.org.tables.get('contact')!.definition
  const model = columns.find((column) => column.name === 'jobtitle')!
  columns.push({ ...model, name: 'new_badge', schema: 'new_Badge', wire: 'new_badge', custom: true })
  const added = await hub.connections.setTable(id, 'contact', {
    columns: [...contact.columns, 'new_badge'],
    mapping: { ...contact.mapping, fields: { ...contact.mapping.fields, badge: { from: 'new_badge', type: 'text' } } },
  })
  assert.equal(added.mapping.fields.badge?.from, 'new_badge')
  await hub.connections.setTable(id, 'contact', { filter: { field: 'new_badge', is: 'not_null' } })

  columns.splice(
    columns.findIndex((column) => column.name === 'new_badge'),
    1,
  )
  await assert.rejects(hub.connections.refreshMetadata(id, 'contact'), code('filter.invalid', 'new_badge'))
  await hub.connections.setTable(id, 'contact', { filter: null })
  const { table, dropped, vanished } = await hub.connections.refreshMetadata(id, 'contact')
  // Told once, when it went.
  assert.deepEqual([dropped, vanished], [[], []])
  assert.deepEqual(goneColumns(table), ['new_badge'])
  assert.equal(table.mapping.fields.badge?.from, 'new_badge')
  assert.match(JSON.stringify(table.problem), /new_badge/)
})

test('a custom table is described, mapped and copied under its own name, once', async (t) => {
  const { hub, crm, id } = await connected(t)
  const there = await hub.connections.crmTables(id)
  const copied = new Set((await listTables(hub.pool, id)).map((table) => table.source.name))
  const custom = there.find(({ name }) => !copied.has(name) && crm.simulator.org.tables.get(name)?.definition.custom)
  const name =
    custom?.name ?? there.find((table) => !copied.has(table.name) && crm.simulator.org.tables.has(table.name))!.name
  const added = await hub.connections.addTable(id, ` ${name.toUpperCase()} `)
  assert.equal(added.source.name, name)
  assert.equal(added.enabled, true)
  assert.ok(added.columns.includes(added.source.idField))
  assert.equal((await hub.connections.addTable(id, name)).id, added.id)
  await assert.rejects(hub.connections.addTable(id, 'no_such_table'), (error: HubError) => error.status < 500)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HubError } from '#core/errors.ts'
import { type HttpHub, httpHub, type Shape } from './http-hub.ts'

type Table = Record<string, unknown> & { entity: string }
type Definition = Record<string, unknown> & { tables: Table[] }

const fields = [
  { path: 'email', type: 'text' },
  { path: 'last_name', type: 'text' },
]

/** The definition, its tables, and what their next passes read: all that a change may change. */
async function stored({ pool }: HttpHub, connectionId: string): Promise<unknown> {
  const { rows } = await pool.query(
    `select c.settings, c.name, (select jsonb_agg(to_jsonb(t) - '{next_pass_at,last_pass_at,read_since,completeness}'::text[]
        order by t.entity) from jackfield.synced_table t where t.connection_id = c.id) as tables
      from jackfield.connection c where c.id = $1`,
    [connectionId],
  )
  return rows[0]
}

async function changing(t: Parameters<typeof httpHub>[0]) {
  const hub = await httpHub(t, 20)
  const connection = await hub.connect('changing', { table: (table) => ({ ...table, fields }) })
  await hub.settled(connection)
  const before = (await hub.connections.definition(connection.id)) as Definition
  /** The same, with some of a table's members changed. */
  const withTable = (entity: string, over: object): Definition => ({
    ...before,
    tables: before.tables.map((table) => (table.entity === entity ? { ...table, ...over } : table)),
  })
  const added = (over: object): Definition => {
    const contact = before.tables.find(({ entity }) => entity === 'contact')!
    return { ...before, tables: [...before.tables, { ...contact, entity: 'person', ...over }] }
  }
  return { hub, connection, before, withTable, added }
}

test('a definition of which one table cannot be read changes nothing, and the error names the table', async (t) => {
  const { hub, connection, before, withTable, added } = await changing(t)
  const last = before.tables.at(-1)!.entity
  const nowhere = { list: { path: '/nowhere' } }
  const refused: [string, Definition, RegExp][] = [
    ['an address that is none', withTable(last, nowhere), new RegExp(last)],
    ['records elsewhere', withTable(last, { records: 'else' }), new RegExp(last)],
    ['no id', withTable(last, { id: 'number' }), new RegExp(last)],
    ['single records elsewhere', withTable(last, { item: { path: '/nowhere/{id}' } }), new RegExp(last)],
    ['a new table that is not there', added(nowhere), /person/],
    [
      'a new table that shows nothing',
      added({ list: { path: '/cursor/contacts', query: { ids: 'none' } }, fields: undefined }),
      /person/,
    ],
    ['a first table that is not there', withTable(before.tables[0]!.entity, nowhere), /account/],
  ]
  const was = await stored(hub, connection.id)
  for (const [what, definition, names] of refused) {
    await assert.rejects(
      hub.connections.setDefinition(connection.id, definition),
      (error: Error & { code: string; detail: { mend?: string } }) => {
        assert.equal(error.code, 'crm.refused', what)
        assert.match(error.message, names, what)
        assert.ok(error.detail.mend, what)
        return true
      },
      what,
    )
    assert.deepEqual(await stored(hub, connection.id), was, what)
  }
})

test('what fails while a tried definition is stored leaves the one before, whole', async (t) => {
  const { hub, connection, before, added } = await changing(t)
  await hub.pool.query(`
    create function jackfield.refuse_it() returns trigger language plpgsql as $$ begin raise 'no room'; end $$;
    create trigger refuse_it before insert on jackfield.synced_table for each row execute function jackfield.refuse_it()`)
  const was = await stored(hub, connection.id)
  const definition = added({})
  definition.tables.shift()
  await assert.rejects(hub.connections.setDefinition(connection.id, definition), /no room/)
  assert.deepEqual(await stored(hub, connection.id), was)
  await hub.pool.query('drop trigger refuse_it on jackfield.synced_table')

  // A filter asks for a column that would go: other rows would be copied than a person asked for.
  const filter = { field: 'last_name', is: 'eq', value: 'Nobody' } as const
  await hub.connections.setTable(connection.id, 'contact', { filter })
  const filtered = await stored(hub, connection.id)
  const less = before.tables.map((table) => ({ ...table, fields: fields.slice(0, 1) }))
  await assert.rejects(hub.connections.setDefinition(connection.id, { ...before, tables: less }), {
    code: 'filter.invalid',
    message: /contact/,
  })
  assert.deepEqual(await stored(hub, connection.id), filtered)
  await hub.connections.setTable(connection.id, 'contact', { filter: null })

  await hub.connections.setDefinition(connection.id, definition)
  const tables = await hub.tables(connection)
  assert.deepEqual(tables.map(({ entity, enabled }) => [entity, enabled]).sort(), [
    ['account', false],
    ['contact', true],
    ['person', true],
  ])
  await hub.settled(connection)
  const { rows } = await hub.pool.query(
    `select t.entity, count(*)::int as count from jackfield.record r join jackfield.synced_table t on t.id = r.table_id
      where t.enabled group by t.entity order by t.entity`,
  )
  assert.equal(rows.length, 2)
  assert.equal(rows[0].count, rows[1].count)
})

test('a definition of which one table cannot be read is not connected, and names it', async (t) => {
  const hub = await httpHub(t, 3)
  const of = (entity: string, change: Record<string, unknown>): Shape => ({
    table: (table) => (table.entity === entity ? { ...table, ...change } : table),
  })
  const wrong = of('contact', { records: 'elsewhere' })
  await assert.rejects(hub.connect('wrong', wrong), (error: HubError) => {
    assert.deepEqual([error.code, error.detail.field], ['crm.refused', 'definition.tables.1'])
    assert.match(error.message, /contact.*elsewhere/)
    return true
  })
  await hub.control('faults', { kind: 'truncate', on: ['page'], match: '/contacts/', times: 20 })
  await assert.rejects(hub.connect('cut off'), /contact/)
  await hub.control('faults', undefined, 'DELETE')
  assert.deepEqual((await hub.pool.query('select from jackfield.connection')).rowCount, 0)
  await hub.connect('right')
})

test('how many calls the API allows is stored without reading its records again', async (t) => {
  const { hub, connection, before, withTable } = await changing(t)
  const planned = async () => {
    const { rows } = await hub.pool.query(
      'select entity, next_pass_at, read_since, rule_version from jackfield.synced_table where connection_id = $1 order by entity',
      [connection.id],
    )
    return rows
  }
  const was = await planned()
  const faster = { ...before, quota: { calls: 5_000, seconds: 60 } }
  await hub.connections.setDefinition(connection.id, faster)
  assert.deepEqual(await hub.connections.definition(connection.id), faster)
  assert.deepEqual(await planned(), was)

  await hub.connections.setDefinition(connection.id, { ...withTable('contact', { fields: fields.slice(0, 1) }) })
  assert.notDeepEqual(await planned(), was)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entityOf, tableOf } from './draft.ts'
import { defaultTables } from './fields.ts'

test('knows a table for every standard entity, the two ways round', () => {
  assert.ok(
    ['account', 'contact', 'lead', 'opportunity', 'incident'].every((entity) =>
      defaultTables.some((table) => table.entity === entity),
    ),
  )
  for (const { entity, table } of defaultTables) {
    assert.equal(entityOf(table), entity)
    assert.equal(tableOf(entity), table)
  }
})

test('copies people, their organisations and what both refer to by default, and no more', () => {
  const on = defaultTables.filter((table) => table.enabledByDefault).map(({ entity }) => entity)
  assert.deepEqual(on, ['account', 'contact', 'user', 'team', 'team_member', 'currency'])
})

test('asks for every column that a mapping draws on, once, the id first', () => {
  for (const { table, columns, mapping } of defaultTables) {
    assert.equal(new Set(columns).size, columns.length, table)
    assert.match(columns[0]!, /id$/)
    const drawn = [
      ...Object.values(mapping.fields).map(({ from }) => from),
      ...mapping.name.flat(),
      ...mapping.phones,
      ...mapping.emails,
      ...mapping.country,
      ...mapping.relations.map(({ from }) => from),
    ]
    for (const column of drawn) assert.ok(columns.includes(column), `${table}.${column}`)
    for (const column of columns) assert.match(column, /^[a-z][a-z0-9_]*$|^_[a-z]+_value$/)
  }
})

test('every relation points at entities that are known', () => {
  const known = new Set(defaultTables.map(({ entity }) => entity))
  for (const { mapping } of defaultTables) {
    for (const { entities } of mapping.relations) for (const entity of entities) assert.ok(known.has(entity), entity)
  }
})

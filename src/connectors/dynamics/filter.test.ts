import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FieldType, SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import { filterQuery } from './filter.ts'

const id = '49b0be2e-d01c-ed11-b83e-000d3a572421'
const now = Date.parse('2024-02-29T12:30:45.678Z')
const types: Record<string, FieldType> = {
  name: 'text',
  description: 'memo',
  revenue: 'money',
  statecode: 'choice',
  donotphone: 'boolean',
  birthdate: 'date',
  modifiedon: 'datetime',
  _ownerid_value: 'lookup',
  interests: 'choices',
}
const table: SourceTable = {
  name: 'contact',
  setName: 'contacts',
  idField: 'contactid',
  nameField: null,
  labels: {},
  changeTracking: true,
  fields: Object.entries(types).map(([name, type]) => ({
    name,
    type,
    labels: {},
    required: false,
    readable: true,
    creatable: true,
    updatable: true,
  })),
}
const said = (filter: Filter | null) => {
  const query = filterQuery(filter, table, now)
  return query === null ? null : decodeURIComponent(query)
}

test('writes each comparison as its column’s type wants it', () => {
  assert.equal(said({ field: 'name', is: 'eq', value: "O'Neil" }), "name eq 'O''Neil'")
  assert.equal(said({ field: 'revenue', is: 'ge', value: '1000000.10' }), 'revenue ge 1000000.10')
  assert.equal(said({ field: 'statecode', is: 'ne', value: 1 }), 'statecode ne 1')
  assert.equal(said({ field: 'donotphone', is: 'eq', value: false }), 'donotphone eq false')
  assert.equal(said({ field: 'birthdate', is: 'lt', value: '2000-02-29' }), 'birthdate lt 2000-02-29')
  assert.equal(said({ field: '_ownerid_value', is: 'eq', value: id.toUpperCase() }), `_ownerid_value eq ${id}`)
  assert.equal(said({ field: 'modifiedon', is: 'ge', value: '2026-01-01' }), 'modifiedon ge 2026-01-01T00:00:00Z')
  assert.equal(
    said({ field: 'modifiedon', is: 'gt', value: '2026-01-01T01:00:00+02:00' }),
    'modifiedon gt 2025-12-31T23:00:00Z',
  )
  assert.equal(said({ field: 'birthdate', is: 'null' }), 'birthdate eq null')
  assert.equal(said({ field: 'birthdate', is: 'not_null' }), 'birthdate ne null')
})

test('nests without changing the meaning', () => {
  const a: Filter = { field: 'statecode', is: 'eq', value: 0 }
  const b: Filter = { field: 'statecode', is: 'eq', value: 1 }
  assert.equal(
    said({ all: [a, { any: [b, { not: a }] }] }),
    '(statecode eq 0 and (statecode eq 1 or not (statecode eq 0)))',
  )
  assert.equal(said({ all: [a] }), 'statecode eq 0')
  assert.equal(said({ field: 'name', is: 'in', value: ['a', 'b'] }), "(name eq 'a' or name eq 'b')")
})

test('knows what an empty list says', () => {
  const a: Filter = { field: 'statecode', is: 'eq', value: 0 }
  assert.equal(said(null), null)
  assert.equal(said({ all: [] }), null)
  assert.equal(said({ any: [a, { all: [] }] }), null)
  assert.equal(said({ any: [] }), 'contactid eq null')
  assert.equal(said({ field: 'name', is: 'in', value: [] }), 'contactid eq null')
  assert.equal(said({ all: [a, { not: { any: [] } }] }), 'statecode eq 0')
})

test('a text cannot break out of its quotes or of the address', () => {
  const query = filterQuery({ field: 'name', is: 'eq', value: "x' or 1 eq 1&$select=secret#?+%27é" }, table, now)
  assert.equal(query, "name%20eq%20'x''%20or%201%20eq%201%26%24select%3Dsecret%23%3F%2B%2527%C3%A9'")
})

test('wildcards in a text are meant literally', () => {
  assert.equal(said({ field: 'name', is: 'contains', value: '50%_[x]' }), "contains(name,'50[%][_][[]x]')")
  assert.equal(said({ field: 'description', is: 'starts_with', value: 'a' }), "startswith(description,'a')")
  assert.equal(said({ field: 'name', is: 'ends_with', value: 'z' }), "endswith(name,'z')")
})

test('counts days back and ahead, over a leap day', () => {
  assert.equal(
    said({ field: 'modifiedon', is: 'within_days', value: 365 }),
    '(modifiedon ge 2023-03-01T12:30:45Z and modifiedon le 2024-02-29T12:30:45Z)',
  )
  assert.equal(
    said({ field: 'birthdate', is: 'within_days', value: -1 }),
    '(birthdate ge 2024-02-29 and birthdate le 2024-03-01)',
  )
})

test('refuses values that are not of the column’s type, naming it', () => {
  const wrong: [string, string | number | boolean][] = [
    ['revenue', 'much'],
    ['revenue', '1e5'],
    ['statecode', true],
    ['donotphone', 'yes'],
    ['birthdate', '2023-02-29'],
    ['modifiedon', '2023-02-29T00:00:00Z'],
    ['birthdate', '31-12-2020'],
    ['modifiedon', 'yesterday'],
    ['_ownerid_value', 'Ána'],
    ['name', '\ud800'],
    ['interests', 1],
  ]
  for (const [field, value] of wrong) {
    assert.throws(() => said({ field, is: 'eq', value }), { code: 'filter.invalid' }, `${field} ${value}`)
  }
  assert.throws(() => said({ field: 'revenue', is: 'contains', value: '1' }), { code: 'filter.invalid' })
  assert.throws(() => said({ field: 'name', is: 'within_days', value: 1 }), { code: 'filter.invalid' })
  assert.throws(() => said({ field: 'name', is: 'like' as 'eq', value: 'x' }), { code: 'filter.invalid' })
  assert.throws(() => said({ field: 'nmae', is: 'eq', value: 'x' }), {
    code: 'field.unknown',
    detail: { field: 'nmae' },
  })
})

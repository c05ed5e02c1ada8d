import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FieldType, SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import { filterCondition, scopeCondition } from './filter.ts'

const types: Record<string, FieldType> = {
  Name: 'text',
  Notes: 'memo',
  Status: 'choice',
  IsClosed: 'boolean',
  Amount: 'money',
  CloseDate: 'date',
  CreatedDate: 'datetime',
  AccountId: 'lookup',
}

function tableNamed(name: string, setName = name): SourceTable {
  const field = { labels: {}, required: false, readable: true, creatable: true, updatable: true }
  const fields = Object.entries(types).map(([of, type]) => ({ name: of, type, ...field }))
  return { name, setName, idField: 'Id', nameField: 'Name', labels: {}, changeTracking: false, fields }
}

const now = Date.parse('2026-03-10T12:00:00Z')
const soql = (filter: Filter) => filterCondition(filter, tableNamed('Opportunity'), now)

test('each comparison is written as SOQL has it for the type of its field', () => {
  assert.equal(soql({ field: 'Name', is: 'eq', value: 'Acme' }), "Name = 'Acme'")
  assert.equal(soql({ field: 'Status', is: 'in', value: ['New', 'In Work'] }), "Status IN ('New','In Work')")
  assert.equal(soql({ field: 'IsClosed', is: 'eq', value: false }), 'IsClosed = false')
  assert.equal(soql({ field: 'Amount', is: 'ge', value: 10.5 }), 'Amount >= 10.5')
  assert.equal(soql({ field: 'CloseDate', is: 'lt', value: '2024-02-29' }), 'CloseDate < 2024-02-29')
  const time = soql({ field: 'CreatedDate', is: 'gt', value: '2026-01-01T01:00:00+01:00' })
  assert.equal(time, 'CreatedDate > 2026-01-01T00:00:00.000Z')
  assert.equal(soql({ field: 'Name', is: 'not_null' }), 'Name != null')
  const within = soql({ field: 'CloseDate', is: 'within_days', value: 7 })
  assert.equal(within, '(CloseDate >= 2026-03-03 AND CloseDate <= 2026-03-10)')
  // 15 characters are case-sensitive; the three more are their checksum.
  const id = soql({ field: 'AccountId', is: 'eq', value: '001BA0000000001' })
  assert.equal(id, "AccountId = '001BA0000000001YAA'")
})

test('what a text holds never ends it', () => {
  const hostile = "x' OR Name != '\\' \n\t%_--"
  assert.equal(soql({ field: 'Name', is: 'eq', value: hostile }), String.raw`Name = 'x\' OR Name != \'\\\' \n\t%_--'`)
  assert.equal(soql({ field: 'Name', is: 'contains', value: "50%_o'f\\" }), String.raw`Name LIKE '%50\%\_o\'f\\%'`)
  assert.equal(soql({ field: 'Name', is: 'starts_with', value: '%' }), String.raw`Name LIKE '\%%'`)
  assert.throws(() => soql({ field: 'Name', is: 'eq', value: 'half \ud83d' }), { code: 'filter.invalid' })
})

test('negation says what becomes of rows without a value', () => {
  const big: Filter = { field: 'Amount', is: 'gt', value: 5 }
  assert.equal(soql({ not: big }), '(Amount = null OR (NOT Amount > 5))')
  assert.equal(soql({ not: { field: 'Name', is: 'null' } }), 'Name != null')
  assert.equal(soql({ not: { field: 'Name', is: 'ne', value: 'a' } }), "Name = 'a'")
  assert.equal(soql({ not: { not: big } }), 'Amount > 5')
  const both = soql({ not: { all: [big, { field: 'Name', is: 'not_null' }] } })
  assert.equal(both, '((Amount = null OR (NOT Amount > 5)) OR Name = null)')
  assert.equal(soql({ all: [] }), null)
  assert.equal(soql({ any: [] }), 'Id = null')
})

test('what cannot be asked is refused, naming the field', () => {
  const refused: Filter[] = [
    { field: 'Notes', is: 'contains', value: 'x' },
    { field: 'Notes', is: 'eq', value: 'x' },
    { field: 'CloseDate', is: 'eq', value: '2023-02-29' },
    { field: 'Amount', is: 'eq', value: '1 OR 1=1' },
    { field: 'AccountId', is: 'eq', value: "001' OR '1'='1" },
    { field: 'Name', is: 'within_days', value: 3 },
  ]
  for (const filter of refused) assert.throws(() => soql(filter), { code: 'filter.invalid' }, JSON.stringify(filter))
  assert.throws(() => soql({ field: 'Nope FROM User--', is: 'null' }), { code: 'field.unknown' })
})

test('a kind of an object brings its own condition along', () => {
  const table = tableNamed('Task.Call', 'Task')
  assert.equal(scopeCondition({ table, columns: [], filter: null }), "TaskSubtype = 'Call'")
  const filter: Filter = {
    any: [
      { field: 'Name', is: 'null' },
      { field: 'Amount', is: 'gt', value: 1 },
    ],
  }
  assert.equal(
    scopeCondition({ table, columns: [], filter }),
    "(TaskSubtype = 'Call') AND ((Name = null OR Amount > 1))",
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FieldType, SourceTable } from '#model/field.ts'
import { suggestTable } from './suggest.ts'

function tableWith(
  name: string,
  fields: Record<string, FieldType>,
  targets: Record<string, string[]> = {},
): SourceTable {
  return {
    name,
    setName: `${name}s`,
    idField: `${name}id`,
    nameField: 'new_name',
    labels: {},
    changeTracking: false,
    fields: Object.entries(fields).map(([field, type]) => ({
      name: field,
      type,
      labels: {},
      required: false,
      readable: true,
      creatable: true,
      updatable: true,
      ...(targets[field] ? { targets: targets[field] } : {}),
    })),
  }
}

test('makes a first mapping of a custom table from its own description', () => {
  const table = tableWith(
    'new_machine',
    {
      new_machineid: 'guid',
      new_name: 'text',
      new_mobilephone: 'text',
      new_contactemail: 'text',
      new_price: 'money',
      new_blob: 'other',
      _new_customer_value: 'lookup',
      _ownerid_value: 'lookup',
      _createdby_value: 'lookup',
      statecode: 'choice',
      modifiedon: 'datetime',
      versionnumber: 'bigint',
    },
    { _new_customer_value: ['account', 'contact'], _ownerid_value: ['systemuser', 'team'] },
  )
  const { entity, columns, mapping, enabledByDefault } = suggestTable(table)
  assert.equal(entity, 'new_machine')
  assert.equal(enabledByDefault, false)
  assert.deepEqual(mapping.name, [['new_name']])
  assert.deepEqual(mapping.phones, ['new_mobilephone'])
  assert.deepEqual(mapping.emails, ['new_contactemail'])
  assert.deepEqual(mapping.active, { field: 'statecode', values: [0] })
  assert.deepEqual(mapping.relations, [
    { role: 'new_customer', from: '_new_customer_value', entities: ['account', 'contact'] },
    { role: 'owner', from: '_ownerid_value', entities: ['user', 'team'] },
  ])
  assert.deepEqual(mapping.fields.new_price, { from: 'new_price', type: 'money' })
  assert.equal(columns[0], 'new_machineid')
  assert.ok(!columns.includes('new_blob') && !columns.includes('_createdby_value'))
})

test('a table without state, times or name is suggested without them', () => {
  const { mapping } = suggestTable({
    ...tableWith('new_link', { new_linkid: 'guid', new_code: 'text' }),
    nameField: null,
  })
  assert.equal(mapping.active, null)
  assert.equal(mapping.modifiedAt, null)
  assert.deepEqual(mapping.name, [])
})

test('a very wide table is not copied whole', () => {
  const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`new_c${i}`, 'text' as const]))
  assert.ok(suggestTable(tableWith('new_wide', wide)).columns.length <= 62)
})

test('a known table keeps its own mapping', () => {
  assert.equal(suggestTable(tableWith('phonecall', {})).entity, 'phone_call')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HubError } from '#core/errors.ts'
import type { FieldType, SourceField } from '#model/field.ts'
import { checkFields, type WriteTarget } from './check-fields.ts'

function field(name: string, type: FieldType, more: Partial<SourceField> = {}): SourceField {
  return { name, type, labels: {}, required: false, readable: true, creatable: true, updatable: true, ...more }
}

const target: WriteTarget = {
  source: {
    ...{ name: 'contact', setName: 'contacts', idField: 'contactid', nameField: 'fullname', labels: {} },
    changeTracking: true,
    fields: [
      field('contactid', 'guid'),
      field('firstname', 'text', { maxLength: 5 }),
      field('fullname', 'text', { creatable: false, updatable: false }),
      field('overriddencreatedon', 'datetime', { updatable: false }),
      field('birthdate', 'date'),
      field('revenue', 'money'),
      field('big', 'bigint'),
      field('children', 'integer'),
      field('donotcall', 'boolean'),
      field('gender', 'choice', { options: [1, 2].map((value) => ({ value, labels: {} })) }),
      field('hobbies', 'choices'),
      field('_parentcustomerid_value', 'lookup', { targets: ['account', 'contact'] }),
      field('_owninguser_value', 'lookup', { targets: ['systemuser'] }),
      field('image', 'other'),
    ],
  },
  mapping: {
    fields: { first: { from: 'firstname', type: 'text' }, income: { from: 'revenue', type: 'money' } },
    ...{
      name: [],
      alsoSearched: [],
      phones: [],
      emails: [],
      country: [],
      active: null,
      modifiedAt: null,
      relations: [],
    },
  },
  tableNames: new Map([['user', 'systemuser']]),
}

const id = '49b0be2e-d01c-ed11-b83e-000d3a572421'
const updated = (sourceFields: Record<string, unknown>) => checkFields(target, 'update', { sourceFields })

test('values are kept in one spelling, so that the same write is the same text', () => {
  assert.deepEqual(
    updated({
      firstname: 'Zoé',
      birthdate: '2024-02-29',
      revenue: '1000.50',
      big: '42',
      donotcall: false,
      gender: 2,
      hobbies: [3, 1, 3],
      _parentcustomerid_value: { entity: 'account', id: `{${id.toUpperCase()}}` },
    }),
    {
      firstname: 'Zoé',
      birthdate: '2024-02-29',
      revenue: 1000.5,
      big: 42,
      donotcall: false,
      gender: 2,
      hobbies: [1, 3],
      _parentcustomerid_value: { entity: 'account', id },
    },
  )
})

test('choices may be handed back as they are shown', () => {
  assert.deepEqual(updated({ hobbies: '3,1' }), { hobbies: [1, 3] })
  assert.throws(() => updated({ hobbies: '3,' }), { code: 'input.invalid' })
})

test('digits that a JavaScript number would lose are kept', () => {
  assert.deepEqual(updated({ revenue: '12345678901234567.89', big: '9007199254740993' }), {
    revenue: '12345678901234567.89',
    big: '9007199254740993',
  })
})

test('fields may be named as the model names them, and as the CRM does', () => {
  const given = { fields: { first: 'Ann', donotcall: true }, sourceFields: { children: 2 } }
  assert.deepEqual(checkFields(target, 'create', given), { firstname: 'Ann', donotcall: true, children: 2 })
})

test('what the hub shows of a field may be handed back', () => {
  const shown = { income: { amount: '10.10', currency: id }, first: 'Ann' }
  assert.deepEqual(checkFields(target, 'update', { fields: shown }), { revenue: 10.1, firstname: 'Ann' })
})

test('a lookup may name its target as the hub does', () => {
  const owner = { entity: 'systemuser', id }
  assert.deepEqual(updated({ _owninguser_value: { entity: 'user', id } })._owninguser_value, owner)
  assert.deepEqual(updated({ _owninguser_value: id })._owninguser_value, owner)
})

test('null clears a field', () => {
  assert.deepEqual(updated({ firstname: null, _parentcustomerid_value: null }), {
    firstname: null,
    _parentcustomerid_value: null,
  })
})

const wrong: [string, Record<string, unknown>][] = [
  ['longer than the column', { firstname: 'Johanna' }],
  ['a number for a text', { firstname: 5 }],
  ['half a surrogate pair', { firstname: '\ud800' }],
  ['NUL', { firstname: 'a\0' }],
  ['a read-only field', { fullname: 'Ann' }],
  ['a field for creates only', { overriddencreatedon: '2020-01-01T00:00:00Z' }],
  ['the id', { contactid: id }],
  ['a day that does not exist', { birthdate: '2023-02-29' }],
  ['a fraction', { children: 1.5 }],
  ['more than 32 bits', { children: 2 ** 31 }],
  ['no number', { revenue: '12,50' }],
  ['not finite', { revenue: Number.NaN }],
  ['more than 64 bits', { big: '9223372036854775808' }],
  ['a text for a yes or no', { donotcall: 'true' }],
  ['an option that is none', { gender: 9 }],
  ['a target of another table', { _parentcustomerid_value: { entity: 'lead', id } }],
  ['a lookup that does not say where to', { _parentcustomerid_value: id }],
  ['a type that cannot be written', { image: 'AAAA' }],
]

for (const [what, sourceFields] of wrong) {
  test(`refused, naming the field: ${what}`, () => {
    const [name] = Object.keys(sourceFields)
    assert.throws(
      () => updated(sourceFields),
      (error: HubError) => error.code === 'input.invalid' && error.detail.field === name,
    )
  })
}

test('a time without its zone is refused', () => {
  const given = { sourceFields: { overriddencreatedon: '2020-01-01T00:00:00' } }
  assert.throws(() => checkFields(target, 'create', given), /zone/)
})

test('an unknown field is named', () => {
  assert.throws(
    () => updated({ frstname: 'x' }),
    (error: HubError) => error.code === 'field.unknown' && error.detail.field === 'frstname',
  )
})

test('an update without fields and a delete with some are refused', () => {
  assert.throws(() => updated({}), HubError)
  assert.throws(() => checkFields(target, 'delete', { sourceFields: { firstname: 'x' } }), HubError)
})

test('a field given twice, by both its names, is refused', () => {
  const given = { fields: { first: 'a' }, sourceFields: { firstname: 'b' } }
  assert.throws(() => checkFields(target, 'update', given), /twice/)
})

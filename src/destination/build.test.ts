import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordId } from '#core/ids.ts'
import type { FieldType, SourceField, SourceTable } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import { buildRow, pointedAt } from './build.ts'
import { convert } from './convert.ts'
import { defaultMapping, linesFor, mappingOf } from './mapping.ts'
import { planRows } from './plan.ts'

const field = (name: string, type: FieldType = 'text', more: Partial<SourceField> = {}): SourceField => ({
  ...{ name, type, labels: {}, required: false, readable: true, creatable: true, updatable: true },
  ...more,
})

const contact: SourceTable = {
  ...{
    name: 'contact',
    setName: 'contacts',
    idField: 'contactid',
    nameField: 'fullname',
    labels: {},
    changeTracking: true,
  },
  fields: [
    field('lastname', 'text', { maxLength: 10 }),
    field('birthdate', 'date'),
    field('numberofchildren', 'integer'),
    field('gendercode', 'choice', { options: [{ value: 7, labels: { en: 'Female', fr: 'Féminin' } }] }),
    field('_parentcustomerid_value', 'lookup', { targets: ['account', 'contact'] }),
    field('msdyn_source_crm', 'choice', { options: [{ value: 2, labels: { en: 'ServiceNow' } }] }),
    field('msdyn_source_crm_id'),
    field('msdyn_source_crm_url', 'text', { maxLength: 60 }),
  ],
}

const table = {
  ...{
    id: 1,
    connectionId: 'c',
    crm: 'servicenow',
    organisation: 'instance',
    url: 'https://now.example',
    entity: 'contact',
  },
  columns: ['last_name', 'account', 'born'],
  source: {
    ...contact,
    fields: [field('last_name'), field('account', 'lookup', { targets: ['account'] }), field('born')],
  },
  mapping: {
    ...{ name: [], alsoSearched: [], phones: [], emails: [], country: [], active: null, modifiedAt: null },
    fields: { lastName: { from: 'last_name', type: 'text' } },
    relations: [{ role: 'account', from: 'account', entities: ['account'] }],
  },
} as unknown as SyncedTable

const plan = (lines = defaultMapping.contact.servicenow!, label = 'ServiceNow') =>
  planRows({
    ...{ table, to: contact, label, entities: ['account', 'contact'] },
    mapping: mappingOf({ contact: { servicenow: lines } }),
    recordUrl: (url, _table, id) => `${url}/contact/${id}`,
  })

const accountOf = (sourceId: string) =>
  recordId({ crm: 'servicenow', organisation: 'instance', entity: 'account', sourceId })

test('a row is made of the record with its source, by label where that is a choice, and its account by the same rule', () => {
  const source = JSON.stringify({ last_name: 'Peeters', account: { value: 'a1', link: 'https://now.example/a1' } })
  const built = buildRow(plan(), { sourceId: 's1', source }, (id) => (id === accountOf('a1') ? 'row-1' : undefined))
  assert.deepEqual(built.fields, {
    msdyn_source_crm: 2,
    msdyn_source_crm_id: 's1',
    msdyn_source_crm_url: 'https://now.example/contact/s1',
    lastname: 'Peeters',
    _parentcustomerid_value: { entity: 'account', id: 'row-1' },
  })
  assert.equal(built.refused, null)
})

test('an account that has no row yet is waited for, and the row goes without it', () => {
  const source = JSON.stringify({ last_name: 'Peeters', account: 'a1' })
  const built = buildRow(plan(), { sourceId: 's1', source }, () => undefined)
  assert.equal(built.fields._parentcustomerid_value, null)
  assert.deepEqual(built.awaits, [accountOf('a1')])
  assert.deepEqual(pointedAt(plan(), source), [accountOf('a1')])
})

test('an account whose number is longer than JavaScript holds is pointed at by all its digits', () => {
  const source = '{"last_name":"Peeters","account":9007199254740993}'
  assert.deepEqual(pointedAt(plan(), source), [accountOf('9007199254740993')])
  const built = buildRow(plan(), { sourceId: 's1', source }, (id) =>
    id === accountOf('9007199254740993') ? 'row-1' : undefined,
  )
  assert.deepEqual(built.fields._parentcustomerid_value, { entity: 'account', id: 'row-1' })
})

test('a field that is not in the record is left as it stands; a value that does not fit refuses the row, named', () => {
  const without = buildRow(plan(), { sourceId: 's1', source: '{}' }, () => undefined)
  assert.equal('lastname' in without.fields, false)
  const long = buildRow(plan(), { sourceId: 's1', source: '{"last_name":"Vandenbroucke"}' }, () => undefined)
  assert.equal(long.refused?.column, 'lastname')
  assert.match(long.refused!.reason, /13 characters are more than the 10/)
})

test('a choice column that does not have the CRM refuses every row, and no column means no value', () => {
  const source = '{"last_name":"Peeters"}'
  assert.equal(
    buildRow(plan(undefined, 'Zendesk'), { sourceId: 's1', source }, () => undefined).refused?.column,
    'msdyn_source_crm',
  )
  const lines = [
    { to: 'createddate', field: 'born' },
    { to: 'lastname', field: 'gone' },
  ]
  assert.deepEqual(plan(lines).columns, [])
})

test('the same record makes the same hash, another value another', () => {
  const hashOf = (name: string) =>
    buildRow(plan(), { sourceId: 's1', source: JSON.stringify({ last_name: name }) }, () => undefined).hash
  assert.equal(hashOf('Peeters'), hashOf('Peeters'))
  assert.notEqual(hashOf('Peeters'), hashOf('Janssens'))
})

test('values become what the column takes, or are told to be none', () => {
  const column = (name: string) => contact.fields.find((one) => one.name === name)!
  const born = column('birthdate')
  assert.deepEqual(convert('1990-02-03 10:00:00', born, undefined), { value: '1990-02-03' })
  assert.ok('problem' in convert('soon', born, undefined))
  assert.deepEqual(convert('3', column('numberofchildren'), undefined), { value: 3 })
  assert.ok('problem' in convert(2.5, column('numberofchildren'), undefined))
  assert.deepEqual(convert('féminin', column('gendercode'), undefined), { value: 7 })
  const from = field('sex', 'choice', { options: [{ value: 1, labels: { en: 'female' } }] })
  assert.deepEqual(convert(1, column('gendercode'), from), { value: 7 })
  assert.ok('problem' in convert('other', column('gendercode'), undefined))
  assert.deepEqual(convert('', born, undefined), { value: null })
})

test('the vendor’s predefined mappings are the defaults, by kind of CRM', () => {
  const to = (crm: string, entity: string) => linesFor(defaultMapping, { crm, entity }).map((line) => line.to)
  assert.ok(to('salesforce', 'contact').includes('assistantname'))
  assert.ok(to('zendesk', 'contact').includes('parentcustomerid'))
  assert.ok(to('servicenow', 'account').includes('address1_postalcode'))
  assert.ok(to('dynamics', 'account').includes('tickersymbol'))
})

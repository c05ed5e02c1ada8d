import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dynamics } from '#connectors/dynamics/connector.ts'
import type { HubError } from '#core/errors.ts'
import type { FieldType, SourceField, SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import type { Mapping } from '#model/mapping.ts'
import { checkFilter } from './check-filter.ts'
import { checkMapping } from './check-mapping.ts'
import { fitToSource, planChange } from './table-settings.ts'
import { renewAfter } from './token-store.ts'

function field(name: string, type: FieldType, more: Partial<SourceField> = {}): SourceField {
  return { name, type, labels: {}, required: false, readable: true, creatable: true, updatable: true, ...more }
}

const source: SourceTable = {
  name: 'contact',
  setName: 'contacts',
  idField: 'contactid',
  nameField: 'fullname',
  labels: {},
  changeTracking: true,
  fields: [
    field('contactid', 'guid'),
    field('fullname', 'text'),
    field('mobilephone', 'text'),
    field('emailaddress1', 'text'),
    field('numberofchildren', 'integer'),
    field('creditlimit', 'money'),
    field('birthdate', 'date'),
    field('modifiedon', 'datetime'),
    field('donotphone', 'boolean'),
    field('statecode', 'choice', {
      options: [
        { value: 0, labels: {} },
        { value: 1, labels: {} },
      ],
    }),
    field('_ownerid_value', 'lookup'),
    field('secretnote', 'text', { readable: false }),
    field('entityimage', 'other'),
  ],
}
const columns = source.fields.filter((one) => one.readable).map((one) => one.name)

const mapping: Mapping = {
  fields: { mobile: { from: 'mobilephone', type: 'text' }, born: { from: 'birthdate', type: 'date' } },
  name: [['fullname']],
  alsoSearched: [],
  phones: ['mobilephone'],
  emails: ['emailaddress1'],
  country: [],
  active: { field: 'statecode', values: [0] },
  modifiedAt: 'modifiedon',
  relations: [{ role: 'owner', from: '_ownerid_value', entities: ['user'] }],
}

/** The code, the field and the mend of what is thrown. */
function thrownBy(work: () => void): string {
  try {
    work()
  } catch (error) {
    const { code, detail } = error as HubError
    assert.ok(detail.mend, `a mend for ${(error as Error).message}`)
    return `${code} ${detail.field}`
  }
  return 'nothing'
}

test('a mapping is taken when every field exists, is copied and has a fitting type', () => {
  const said = (change: Partial<Mapping>, copied = columns) =>
    thrownBy(() => checkMapping({ ...mapping, ...change }, source, copied))
  assert.equal(said({}), 'nothing')
  assert.equal(said({ fields: { x: { from: 'nowhere', type: 'text' } } }), 'field.unknown nowhere')
  assert.equal(said({ fields: { x: { from: 'secretnote', type: 'text' } } }), 'field.unknown secretnote')
  assert.equal(said({ fields: { x: { from: 'fullname', type: 'money' } } }), 'mapping.invalid fullname')
  assert.equal(said({ fields: { x: { from: 'creditlimit', type: 'text' } } }), 'mapping.invalid creditlimit')
  assert.equal(said({ fields: { x: { from: 'creditlimit', type: 'money' } } }), 'nothing')
  assert.equal(said({ fields: { x: { from: 'fullname', type: 'colour' as 'text' } } }), 'mapping.invalid x')
  const constructed = { x: { from: 'fullname', type: 'constructor' as 'text' } }
  assert.equal(said({ fields: constructed }), 'mapping.invalid x')
  assert.equal(said({ fields: { 'not a name': { from: 'fullname', type: 'text' } } }), 'mapping.invalid not a name')
  assert.equal(said({ phones: ['numberofchildren'] }), 'mapping.invalid numberofchildren')
  assert.equal(said({ modifiedAt: 'birthdate' }), 'mapping.invalid birthdate')
  assert.equal(said({ active: { field: 'statecode', values: ['0'] } }), 'mapping.invalid statecode')
  assert.equal(said({ active: { field: 'donotphone', values: [false] } }), 'nothing')
  assert.equal(said({ name: [['entityimage']] }), 'mapping.invalid entityimage')
  const owner = { role: 'owner', from: '_ownerid_value', entities: ['user'] }
  assert.equal(said({ relations: [owner, owner] }), 'mapping.invalid _ownerid_value')
  assert.equal(said({ relations: [{ ...owner, from: 'fullname' }] }), 'mapping.invalid fullname')
  assert.equal(
    said(
      {},
      columns.filter((name) => name !== 'mobilephone'),
    ),
    'mapping.invalid mobilephone',
  )
})

test('a filter is taken when every comparison fits the type of its field', () => {
  const said = (filter: unknown, copied = columns) => thrownBy(() => checkFilter(filter as Filter, source, copied))
  const good: Filter[] = [
    { all: [{ field: 'statecode', is: 'eq', value: 0 }, { not: { field: 'fullname', is: 'contains', value: 'x' } }] },
    {
      any: [
        { field: 'birthdate', is: 'ge', value: '2024-02-29' },
        { field: 'mobilephone', is: 'not_null' },
      ],
    },
    { field: 'modifiedon', is: 'within_days', value: 90 },
    { field: '_ownerid_value', is: 'in', value: ['11111111-2222-4333-8444-555555555555'] },
    { field: 'creditlimit', is: 'gt', value: 12.5 },
    { field: 'entityimage', is: 'null' },
  ]
  for (const filter of good) assert.equal(said(filter), 'nothing', JSON.stringify(filter))
  assert.equal(said({ field: 'nowhere', is: 'null' }), 'field.unknown nowhere')
  assert.equal(said({ field: 'secretnote', is: 'null' }), 'field.unknown secretnote')
  const bad: [unknown, string][] = [
    [{ field: 'statecode', is: 'eq', value: 7 }, 'statecode'],
    [{ field: 'statecode', is: 'eq', value: '0' }, 'statecode'],
    [{ field: 'birthdate', is: 'eq', value: '2023-02-29' }, 'birthdate'],
    [{ field: 'birthdate', is: 'eq', value: 20230228 }, 'birthdate'],
    [{ field: 'donotphone', is: 'eq', value: 'true' }, 'donotphone'],
    [{ field: '_ownerid_value', is: 'eq', value: 'me' }, '_ownerid_value'],
    [{ field: '_ownerid_value', is: 'gt', value: 'me' }, '_ownerid_value'],
    [{ field: 'numberofchildren', is: 'contains', value: '1' }, 'numberofchildren'],
    [{ field: 'fullname', is: 'within_days', value: 3 }, 'fullname'],
    [{ field: 'modifiedon', is: 'within_days', value: 1.5 }, 'modifiedon'],
    [{ field: 'fullname', is: 'in', value: [] }, 'fullname'],
    [{ field: 'fullname', is: 'in', value: ['a', 1] }, 'fullname'],
    [{ field: 'fullname', is: 'like', value: 'a' }, 'fullname'],
    [{ field: 'entityimage', is: 'eq', value: 'a' }, 'entityimage'],
    [{ all: [] }, 'undefined'],
    [{ any: [null] }, 'undefined'],
    [{}, 'undefined'],
  ]
  for (const [filter, name] of bad) assert.equal(said(filter), `filter.invalid ${name}`, JSON.stringify(filter))
  assert.equal(said({ field: 'fullname', is: 'not_null' }, ['contactid']), 'filter.invalid fullname')
  let deep: unknown = { field: 'fullname', is: 'not_null' }
  for (let level = 0; level < 50; level += 1) deep = { not: deep }
  assert.equal(said(deep), 'filter.invalid undefined')
  const many = Array.from({ length: 101 }, () => ({ field: 'fullname', is: 'not_null' }))
  assert.equal(said({ any: many }), 'filter.invalid undefined')
})

test('a change asks for no more of the records than it must', () => {
  const table = { enabled: true, columns, filter: null, mapping, scheduleSeconds: 300, source }
  const asks = (change: Parameters<typeof planChange>[1]) => {
    const { reread, rederive } = planChange(table, change)
    return { reread, rederive }
  }
  assert.deepEqual(asks({ scheduleSeconds: 60 }), { reread: false, rederive: false })
  assert.deepEqual(asks({ enabled: false }), { reread: false, rederive: false })
  assert.deepEqual(asks({ mapping: { ...mapping, phones: [] } }), { reread: false, rederive: true })
  assert.deepEqual(asks({ mapping: structuredClone(mapping), filter: null }), { reread: false, rederive: false })
  assert.deepEqual(asks({ filter: { field: 'fullname', is: 'not_null' } }), { reread: true, rederive: false })
  assert.deepEqual(asks({ columns: columns.filter((name) => name !== 'entityimage') }), {
    reread: false,
    rederive: false,
  })
  const fewer = { ...table, columns: columns.filter((name) => name !== 'entityimage') }
  assert.equal(planChange(fewer, { columns }).reread, true)
  assert.deepEqual(planChange(table, { columns: [...columns, 'fullname'].slice(1) }).columns, columns, 'the id stays')
  assert.equal(
    thrownBy(() => planChange(table, { scheduleSeconds: 0 })),
    'input.invalid scheduleSeconds',
  )
  assert.equal(
    thrownBy(() => planChange(table, { columns: ['nowhere'] })),
    'field.unknown nowhere',
  )
})

test('columns that an organisation lacks are dropped from what is copied and mapped', () => {
  const wanted = {
    columns: ['contactid', 'fullname', 'secretnote', 'gone'],
    mapping: { ...mapping, name: [['gone'], ['fullname', 'gone']] },
  }
  const fitted = fitToSource(wanted, source)
  assert.deepEqual(fitted.columns, ['contactid', 'fullname'])
  assert.deepEqual(fitted.dropped, ['secretnote', 'gone'])
  assert.deepEqual(fitted.mapping.name, [['fullname']])
  assert.equal(fitted.mapping.active, null)
  assert.deepEqual(fitted.mapping.relations, [])
  checkMapping(fitted.mapping, source, fitted.columns)
})

test('the default mappings of each connector name only columns that they copy', () => {
  for (const table of dynamics.defaultTables) {
    const all = fitToSource(table, {
      ...source,
      idField: table.columns[0]!,
      fields: table.columns.map((name) => field(name, 'text')),
    })
    assert.deepEqual(all.dropped, [])
    assert.deepEqual(all.mapping, table.mapping)
  }
})

test('a token is renewed at 80 % of its life or five minutes before its end, a short one not at once', () => {
  assert.equal(renewAfter(3_600), 2_880)
  assert.equal(renewAfter(1_500), 1_200)
  assert.equal(renewAfter(1_000), 700)
  assert.equal(renewAfter(60), 30)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FieldType, SourceField } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import { fillFields } from './run-workflow.ts'

function field(name: string, type: FieldType, more: Partial<SourceField> = {}): SourceField {
  return { name, type, labels: {}, required: false, readable: true, creatable: true, updatable: true, ...more }
}

const table = (entity: string, name: string, fields: SourceField[]) =>
  ({ entity, source: { name, idField: `${name}id`, fields } }) as unknown as SyncedTable

const tables = [
  table('account', 'account', []),
  table('user', 'systemuser', []),
  table('incident', 'incident', [
    field('title', 'text', { maxLength: 20 }),
    field('seconds', 'integer'),
    field('origin', 'choice', { options: [{ value: 1, labels: { en: 'Phone', nl: 'Telefoon' } }] }),
    field('_customerid_value', 'lookup', { targets: ['account', 'contact'] }),
  ]),
]
const values = {
  data: { ani: '+3225551234', callDurationInSeconds: '61.4', mediaType: 'telefoon', skillName: 'Billing and invoices' },
  scriptVariables: {},
  links: [
    { entity: 'user', sourceId: 'a1c2e3f4-0000-4000-8000-000000000001' },
    { entity: 'account', sourceId: 'a1c2e3f4-0000-4000-8000-000000000002' },
  ],
}
const fill = (...fields: [string, string][]) =>
  fillFields(
    { entity: 'incident', tables },
    fields.map(([name, value]) => ({ field: name, value })),
    values,
  )

test('Each field takes what the interaction tells in its own type; what is cut is named', () => {
  assert.deepEqual(
    fill(
      ['title', 'Call of {skillName}'],
      ['seconds', '{callDurationInSeconds}'],
      ['origin', '{mediaType}'],
      ['_customerid_value', '{linked}'],
    ),
    {
      filled: {
        title: 'Call of Billing and…',
        seconds: 61,
        origin: 1,
        _customerid_value: { entity: 'account', id: 'a1c2e3f4-0000-4000-8000-000000000002' },
      },
      cut: ['title'],
    },
  )
})

test('What is not told is left out, and clears nothing; an empty text clears', () => {
  assert.deepEqual(fill(['title', '{script.missing}'], ['seconds', '']).filled, { seconds: null })
  assert.deepEqual(fill(['title', 'x'], ['_customerid_value', '{linked.contact}']).filled, { title: 'x' })
  assert.throws(() => fill(['title', '{script.missing}']), { code: 'input.invalid' })
})

test('A value that does not fit names its field', () => {
  assert.throws(() => fill(['seconds', '{skillName}']), {
    code: 'input.invalid',
    message: /'seconds' takes a whole number/,
  })
  assert.throws(() => fill(['gone', 'x']), { code: 'field.unknown' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseExact } from '#core/exact-json.ts'
import type { FieldType, SourceTable } from '#model/field.ts'
import { compareWritten } from './compare.ts'

function tableOf(type: FieldType): SourceTable {
  const field = { name: 'f', type, labels: {}, required: false, readable: true, creatable: true, updatable: true }
  return {
    ...{ name: 'contact', setName: 'contacts', idField: 'contactid', nameField: null, labels: {} },
    changeTracking: true,
    fields: [field],
  }
}

const isSame = (type: FieldType, asked: unknown, heldJson: string) =>
  compareWritten(tableOf(type), { f: asked }, parseExact(`{"f":${heldJson}}`)).differences.length === 0

const same: [FieldType, unknown, string][] = [
  ['text', 'Anna ', '"Anna"'],
  ['text', '', 'null'],
  ['text', null, '""'],
  ['text', 'Zoe\u0301', '"Zo\u00e9"'],
  ['text', '2012-07-14T00:00:00.0000Z', '"2012-07-14T00:00:00Z"'],
  ['memo', 'a\r\nb', '"a\\nb"'],
  ['integer', 7, '7'],
  ['bigint', '9007199254740993', '9007199254740993'],
  ['decimal', 12.5, '12.5000000000'],
  ['decimal', '0.1234567891', '0.12346'],
  ['money', 1000000.005, '1000000.01'],
  ['money', -2.5, '-2.50'],
  ['money', 9.999, '10.00'],
  ['money', '12345678901234567.89', '12345678901234567.8900'],
  ['boolean', true, 'true'],
  ['date', '2024-02-29', '"2024-02-29"'],
  ['datetime', '2026-01-02T03:04:05.678Z', '"2026-01-02T03:04:05Z"'],
  ['datetime', '2026-01-02T04:04:05+01:00', '"2026-01-02T03:04:05Z"'],
  ['choice', 2, '2'],
  ['choices', [1, 3], '"3,1"'],
  ['choices', [], 'null'],
  [
    'lookup',
    { entity: 'account', id: '49b0be2e-d01c-ed11-b83e-000d3a572421' },
    '"49B0BE2E-D01C-ED11-B83E-000D3A572421"',
  ],
  ['lookup', null, 'null'],
]

for (const [type, asked, held] of same) {
  test(`${type} ${JSON.stringify(asked)} is the same as ${held}`, () => assert.ok(isSame(type, asked, held)))
}

const other: [FieldType, unknown, string][] = [
  ['text', 'Anna', '"anna"'],
  ['text', '2012-07-14T00:00:00.5000Z', '"2012-07-14T00:00:00Z"'],
  ['text', 'Anna', 'null'],
  ['decimal', 12.5, '12.4'],
  ['money', '12345678901234567.89', '12345678901234567.88'],
  ['bigint', '9007199254740993', '9007199254740992'],
  ['datetime', '2026-01-02T03:04:05Z', '"2026-01-02T03:04:06Z"'],
  ['boolean', true, 'false'],
  ['choices', [1], 'null'],
  ['lookup', { entity: 'account', id: '49b0be2e-d01c-ed11-b83e-000d3a572421' }, 'null'],
]

for (const [type, asked, held] of other) {
  test(`${type} ${JSON.stringify(asked)} is not ${held}`, () => assert.ok(!isSame(type, asked, held)))
}

test('a field that the CRM does not show proves nothing', () => {
  const seen = compareWritten(tableOf('text'), { f: 'x' }, {})
  assert.deepEqual(seen, { differences: [], unseen: ['f'] })
})

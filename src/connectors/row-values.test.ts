import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRow, refuseUnstorable } from './row-values.ts'

const read = (text: string) => {
  const values = parseRow(text)
  refuseUnstorable(text, values, 'Contact 003')
  return values
}

test('what cannot be stored is refused wherever it stands in a row, naming the member', () => {
  for (const text of [
    '{"Name":"N\\u0000L"}',
    '{"Name":"\\ud83d"}',
    '{"Name":{"City":["\\ud83d"]}}',
    '{"Name":{"\\u0000":1}}',
  ])
    assert.throws(() => read(text), { code: 'record.invalid', detail: { field: 'Name' } }, text)
  assert.deepEqual(read('{"Name":"\\ud83d\\ude00"}'), { Name: '😀' })
})

test('a row that is none is refused', () => {
  for (const text of ['{"Name"', '[]', 'null', '"Name"'])
    assert.throws(() => read(text), { code: 'record.invalid' }, text)
})

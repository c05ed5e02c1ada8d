import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseExact } from '#core/exact-json.ts'
import type { FieldType, SourceField } from '#model/field.ts'
import { convert } from './convert.ts'

const column = (type: FieldType, more: Partial<SourceField> = {}): SourceField => ({
  ...{ name: 'f', type, labels: {}, required: false, readable: true, creatable: true, updatable: true },
  ...more,
})

/** What is sent for a value of the CRM's own JSON, as JSON. */
const sent = (json: string, to: SourceField, from?: SourceField) => {
  const converted = convert(parseExact(`{"v":${json}}`).v, to, from)
  return 'problem' in converted ? 'none' : JSON.stringify(converted.value)
}

test('a number becomes a text as it stood in the CRM’s answer', () => {
  for (const digits of [
    '9007199254740993',
    '0.50',
    '1500.00',
    '1e3',
    '1E-7',
    '12345678901234567890.10',
    '-0.10',
    '7',
  ]) {
    assert.equal(sent(digits, column('text')), `"${digits}"`)
    assert.equal(sent(`{"value":${digits},"display_value":"x"}`, column('memo')), `"${digits}"`)
  }
})

test('a number keeps its digits in columns of numbers, and the same number is sent alike', () => {
  for (const type of ['decimal', 'money'] as const) {
    const to = column(type)
    assert.equal(sent('123456789012345678.25', to), '123456789012345678.25')
    assert.equal(sent('"123456789012345678.25"', to), '123456789012345678.25')
    for (const half of ['0.5', '0.50', '0.500000000000000000', '5e-1', '"0.50"', '" 00.5 "', '".5"'])
      assert.equal(sent(half, to), '0.5')
    assert.equal(sent('1.5e3', to), '1500')
    assert.equal(sent('1e22', to), '10000000000000000000000')
    assert.equal(sent('0.0000001', to), '0.0000001')
    assert.equal(sent('-0', to), '0')
  }
  const [integer, bigint] = [column('integer'), column('bigint')]
  assert.equal(sent('3.0', integer), '3')
  assert.equal(sent('1E2', integer), '100')
  assert.equal(sent('9007199254740993', bigint), '9007199254740993')
  assert.equal(sent('"-9223372036854775808"', bigint), '-9223372036854775808')
})

test('what is no number, or too large a one, is told', () => {
  for (const [json, type] of [
    ['2.5', 'integer'],
    ['2147483648', 'integer'],
    ['9223372036854775808', 'bigint'],
    ['0.50', 'bigint'],
    ['1e999999999', 'decimal'],
    ['1e-999999999', 'decimal'],
    ['"0x10"', 'integer'],
    ['"Infinity"', 'decimal'],
    ['"1,5"', 'decimal'],
    ['"."', 'decimal'],
    ['"-"', 'decimal'],
    [`"${'9'.repeat(5_000)}"`, 'decimal'],
    ['true', 'integer'],
    ['{"a":1}', 'decimal'],
    ['1.50', 'boolean'],
    ['{"toString":1,"valueOf":1}', 'boolean'],
    ['1.50', 'datetime'],
  ] as const)
    assert.equal(sent(json, column(type)), 'none', `${json.slice(0, 30)} as ${type}`)
})

test('a choice is told by its number however that is spelled', () => {
  const from = column('choice', { options: [{ value: 7, labels: { en: 'Female' } }] })
  const to = column('choice', { options: [{ value: 2, labels: { en: 'female' } }] })
  for (const seven of ['7', '7.0', '7e0']) {
    assert.equal(sent(seven, to, from), '2')
    assert.equal(sent(seven, column('text'), from), '"Female"')
  }
  assert.equal(sent('9007199254740993', to, from), 'none')
})

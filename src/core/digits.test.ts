import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainNumber } from './digits.ts'

test('the same number is the same text, however it is spelled', () => {
  for (const [text, plain] of [
    ['9007199254740993', '9007199254740993'],
    ['0.50', '0.5'],
    ['00.500e0', '0.5'],
    ['5E-1', '0.5'],
    ['+.5', '0.5'],
    ['1.5e3', '1500'],
    ['15.', '15'],
    ['1e22', '10000000000000000000000'],
    ['12.5e-4', '0.00125'],
    ['-0.0', '0'],
    ['-1500.00', '-1500'],
    ['0e5', '0'],
  ])
    assert.equal(plainNumber(text!), plain, text)
})

test('what is no number, or beyond all measure, is none', () => {
  for (const text of ['', '.', '-', 'e5', '0x10', '1,5', 'Infinity', '1e401', '1e-999999999', '9'.repeat(401), '1 2'])
    assert.equal(plainNumber(text), null, text.slice(0, 20))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalNumber, canonicalRow, canonicalTime, cutDeletion } from './canonical.ts'

const head = '{"attributes":{"type":"Account","url":"/services/data/v60.0/sobjects/Account/001000000000001AAA"},'
const canonical = (members: string) => canonicalRow(Buffer.from(`${head}${members}}`)).toString()

test('a row loses what names the version of the API, and keeps every byte of its own', () => {
  const own = '"Id":"001000000000001AAA","Name":"O\\"Neil } {\\"x\\":1","Amount":1.25,"N":null,"B":true,"Ä":"ü 👩‍👧"'
  assert.equal(canonical(own), `{${own}}`)
})

test('what can be spelt in two ways is spelt in one', () => {
  assert.equal(
    canonical('"A":3.5E8,"B":12.0,"C":-0.50,"D":12345678901234567890.10'),
    '{"A":350000000,"B":12,"C":-0.5,"D":12345678901234567890.1}',
  )
  assert.equal(
    canonical(String.raw`"A":"\/x","B":"\u00e9\u0001","C":"\ud83d\ude00"`),
    '{"A":"/x","B":"é\\u0001","C":"😀"}',
  )
  // Half of a pair stays one, to be refused by name.
  assert.equal(canonical(String.raw`"A":"\ud83d"`), String.raw`{"A":"\ud83d"}`)
})

test('the same number is the same text', () => {
  const numbers = {
    '350000000.0': '350000000',
    '3.5E8': '350000000',
    '1e-3': '0.001',
    '-0': '0',
    '0.10': '0.1',
    '007': '7',
    '12E1': '120',
  }
  for (const [given, wanted] of Object.entries(numbers)) assert.equal(canonicalNumber(given), wanted, given)
  for (const bad of ['1e999', 'NaN', '', '1.2.3'])
    assert.throws(() => canonicalNumber(bad), { code: 'crm.body_invalid' })
})

test('the same time is the same text', () => {
  for (const text of ['2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000+0000']) {
    assert.equal(canonicalTime(text), '2026-01-02T03:04:05.000+0000')
  }
  assert.equal(canonicalTime('2026-01-02T03:04:05.12Z'), '2026-01-02T03:04:05.120+0000')
})

test('what tells a deleted row is cut off, and no text of a row passes for it', () => {
  const cut = (text: string) => {
    const found = cutDeletion(Buffer.from(text))
    return found && { ...found, row: found.row.toString() }
  }
  const merged = cut('{"Id":"001","IsDeleted":true,"MasterRecordId":"001000000000002AAA"}')
  assert.deepEqual(merged, { row: '{"Id":"001"}', deleted: true, master: '001000000000002AAA' })
  assert.deepEqual(cut('{"Id":"001","IsDeleted":false}'), { row: '{"Id":"001"}', deleted: false, master: null })
  assert.equal(cut(String.raw`{"Id":"001","Name":"x\",\"IsDeleted\":true}"}`), null)
})

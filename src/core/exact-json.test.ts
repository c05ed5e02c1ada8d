import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exactDigits, parseExact } from './exact-json.ts'

/** Written again as it stood, without the blanks. */
const again = (text: string) => JSON.stringify(parseExact(text))

test('every number is written again as it stood, wherever it stands', () => {
  for (const text of [
    '{"serial":12345678901234567890,"credit":1500.00,"name":"Ann","n":7,"part":0.5}',
    '{"a":{"credit":1.50},"credit":1.5}',
    '{"credit":1500,"more":{"credit":1500.00}}',
    '{"list":[1.50,2,{"x":1e3}],"x":1e5}',
    '{"note":"say \\"credit\\":1.50, or [1.50","credit":2.50}',
    '{"note":"\\"credit\\":1.50"}',
    '{"odd key":1.50,"ok":2.50}',
    '{"naïve":1.10,"x":-0}',
    '{"tiny":0.0000001,"big":123456789012345.6,"minus":-1.0}',
    '{"__proto__":1.50}',
    '[1.50,"x"]',
    '{"a\\u0062":1.50,"ab":2.50}',
  ]) {
    // As it stands, but for escapes that need none.
    assert.equal(again(text), JSON.stringify(JSON.parse(text, keepSource)), text)
  }
  assert.equal(again('1.50'), '1.50')
})

const keepSource = ((_key: string, value: unknown, context?: { source?: string }) => {
  const { source } = context ?? {}
  return typeof value === 'number' && source !== undefined
    ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source)
    : value
}) as (key: string, value: unknown) => unknown

test('what JavaScript holds exactly stays a number', () => {
  const { n, part, serial } = parseExact('{"n":42,"part":0.25,"serial":9007199254740993}')
  assert.deepEqual([n, part, exactDigits(serial)], [42, 0.25, '9007199254740993'])
  assert.throws(() => parseExact('{"n":1.50'))
})

test('texts that look like numbers, or bear the sign that stands for one, are left as they are', () => {
  for (const text of [
    '{"a":1.50,"b":"\x7f1.50"}',
    '{"a":{"c":2.50},"b":"\x7f2.50"}',
    '{"a":1.50,"b":"paid: 12.50, thanks"}',
    '{"a":1.50,"a":"1.50"}',
    '{"__proto__":1.50,"b":1}',
  ]) {
    const outermost = new Map(Object.entries(parseExact(text)))
    assert.equal(JSON.stringify(parseExact(text)), text.replace('"a":1.50,"a"', '"a"'))
    assert.notEqual(exactDigits(outermost.get('b')), '1.50', text)
  }
})

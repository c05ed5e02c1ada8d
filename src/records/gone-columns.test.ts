import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepGone } from './gone-columns.ts'

const kept = (raw: string, held: string, ...gone: string[]) => keepGone(Buffer.from(raw), held, gone).toString()

test('the last values stand behind what the row shows, to the digit', () => {
  const held = '{"id":"1","fee":12.50,"big":90071992547409931,"note":"a \\"b\\" é","fee@label":"12,50 €","other":1}'
  assert.equal(
    kept('{"id":"1","other":2}', held, 'fee', 'big', 'note'),
    '{"id":"1","other":2,"fee":12.50,"big":90071992547409931,"note":"a \\"b\\" é","fee@label":"12,50 €"}',
  )
})

test('a value that is shown again counts, and nothing is made of what was never held', () => {
  assert.equal(kept('{"id":"1","fee":3}', '{"id":"1","fee":2}', 'fee'), '{"id":"1","fee":3}')
  assert.equal(kept('{"id":"1"}', '{"id":"1"}', 'fee'), '{"id":"1"}')
  assert.equal(kept('{}', '{"fee":null}', 'fee'), '{"fee":null}')
})

test('keeping twice is keeping once', () => {
  const held = '{"id":"1","fee":2.0,"note":"\\u00e9"}'
  const once = kept('{"id":"1"}', held, 'fee', 'note')
  assert.equal(kept('{"id":"1"}', once, 'fee', 'note'), once)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TableScope } from '#connectors/connector.ts'
import { readRow } from '#connectors/dynamics/read-row.ts'
import { rowChecker } from '#records/check-row.ts'
import { parkedReason } from '#server/parked-reason.ts'

const id = '00000000-0000-4000-8000-000000000001'
const scope = { table: { name: 'contact', idField: 'contactid' } } as unknown as TableScope

function reasonOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return parkedReason((error as Error).message)
  }
  return 'nothing was refused'
}

test('Every way in which a row is refused has a code that a page can say in any language', () => {
  const types = { text: 'x', date: 'x', integer: 'x', decimal: 'x', guid: 'x', boolean: 'x' } as const
  const codes = Object.keys(types).map((type) => {
    const field = { name: 'a', type, labels: {}, maxLength: 3, required: false }
    const check = rowChecker({ fields: [field] } as never, ['a'])
    return reasonOf(() => check({ a: type === 'text' ? 7 : 'surely not' }))
  })
  assert.deepEqual(
    codes,
    ['not_text', 'not_date', 'not_whole_number', 'not_number', 'not_id', 'not_boolean'].map((code) => ({ code })),
  )
  const text = rowChecker({ fields: [{ name: 'a', type: 'text', maxLength: 3 }] } as never, ['a'])
  assert.deepEqual(
    reasonOf(() => text({ a: 'four' })),
    { code: 'too_long', length: 4, most: 3 },
  )
  const rows: [string, string][] = [
    ['{', 'not_readable'],
    ['[]', 'not_readable'],
    ['{}', 'no_id'],
    [`{"contactid":"${id}"}`, 'no_version'],
    [`{"contactid":"${id}","versionnumber":1,"lastname":"\\u0000"}`, 'nul_character'],
    [`{"contactid":"${id}","versionnumber":1,"lastname":"\\ud800"}`, 'half_character'],
  ]
  for (const [raw, code] of rows)
    assert.deepEqual(
      reasonOf(() => readRow(scope, Buffer.from(raw))),
      { code },
      raw,
    )
  assert.equal(parkedReason('A sentence of a later version'), null)
})

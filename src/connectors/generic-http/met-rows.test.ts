import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetRows } from './met-rows.ts'

test('every row is found where it was met last, however many crowd into one slot', () => {
  const met = createMetRows(4)
  const wanted = new Map<number, number>()
  for (let i = 1; i <= 5_000; i += 1) {
    // Of the first of these all lead to one slot.
    for (const id of [i * 2 ** 32, i, i * 4_096 - 1, Number.MAX_SAFE_INTEGER - i]) {
      met.set(id, i)
      wanted.set(id, i)
    }
  }
  met.set(7, 4_711)
  wanted.set(7, 4_711)
  assert.equal(met.size, wanted.size)
  for (const [id, place] of wanted) assert.equal(met.get(id), place)
  assert.equal(met.get(0), undefined)
  assert.equal(met.get(2 ** 52 + 3), undefined)
})

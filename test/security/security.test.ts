import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkHub } from './checks.ts'

test('The hub keeps out who and what it must, by every route that it has', { timeout: 560_000 }, async (t) => {
  for (const { check, cases, problems } of await checkHub(t, { short: true })) {
    assert.ok(cases > 0, `${check} tried nothing`)
    assert.deepEqual(problems, [], check)
  }
})

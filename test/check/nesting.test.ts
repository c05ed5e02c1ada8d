import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findDeep } from '../../scripts/nesting.ts'

const nest = (inner: string) => `function outer() { for (;;) { try { while (true) { ${inner} } } catch {} } }`

test('the fourth block within blocks of one function is found', () => {
  assert.deepEqual(findDeep('a.ts', nest('if (x) y()')), [{ name: 'a.ts outer', line: 1, depth: 4 }])
  assert.equal(findDeep('a.ts', nest('switch (x) {}')).length, 1)
  assert.deepEqual(findDeep('a.ts', nest('y()')), [])
})

test('a function within starts anew, and else-if goes no deeper', () => {
  assert.deepEqual(findDeep('a.ts', nest('f(() => { if (x) { if (y) z() } })')), [])
  assert.deepEqual(findDeep('a.ts', 'if (a) b(); else if (c) d(); else if (e) f(); else if (g) h(); else i()'), [])
})

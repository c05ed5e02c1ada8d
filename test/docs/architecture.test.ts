import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderArchitecture } from '../../scripts/architecture.ts'
import { paper } from './papers.ts'

test('ARCHITECTURE.md shows the rows of the layering rules and the steps that states allow', () => {
  const text = paper('ARCHITECTURE.md')
  assert.equal(text, renderArchitecture(text), 'node scripts/architecture.ts writes it anew')
  assert.match(text, /\| 1 \| `core` \|/)
  assert.match(text, / {2}sending --> unknown/)
})

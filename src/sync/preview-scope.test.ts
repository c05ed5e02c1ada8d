import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Filter } from '#model/filter.ts'
import { judgeOf, missingColumns } from './preview-scope.ts'

const now = Date.parse('2026-01-31T12:00:00Z')
const held = new Set(['statecode', 'city'])
const judge = (filter: Filter | null, values: Record<string, unknown>) => judgeOf(filter, held, now)(values)

test('what is held decides as the sync will', () => {
  const filter: Filter = { all: [{ field: 'statecode', is: 'eq', value: 0 }] }
  assert.equal(judge(filter, { statecode: 0 }), 'in')
  assert.equal(judge(filter, { statecode: 1 }), 'out')
  assert.equal(judge(null, {}), 'in')
})

test('a column that is not held leaves only those rows open that hang on it', () => {
  const both: Filter = {
    all: [
      { field: 'statecode', is: 'eq', value: 0 },
      { field: 'revenue', is: 'gt', value: 1 },
    ],
  }
  assert.deepEqual(missingColumns(both, held), ['revenue'])
  assert.equal(judge(both, { statecode: 1 }), 'out')
  assert.equal(judge(both, { statecode: 0 }), 'unknown')
  const either: Filter = { any: [both.all[1]!, { field: 'statecode', is: 'eq', value: 0 }] }
  assert.equal(judge(either, { statecode: 0 }), 'in')
  assert.equal(judge(either, { statecode: 1 }), 'unknown')
  assert.equal(judge({ not: both }, { statecode: 1 }), 'in')
  assert.equal(judge({ not: both }, { statecode: 0 }), 'unknown')
  // A column that is not held is not the same as one that is empty.
  assert.equal(judge({ field: 'revenue', is: 'null' }, {}), 'unknown')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPaths } from '../../scripts/paths.ts'

test('a path that is too deep, says nothing or is written otherwise is named', () => {
  assert.deepEqual(checkPaths(['src/connectors/dynamics/client.ts', 'web/src/pages/runs/run.tsx']), [])
  const wrong = [
    'src/flows/actions/http/get.ts',
    'src/records/utils.ts',
    'src/shared/a.ts',
    'src/records/types.ts',
    'src/records/index.ts',
    'src/records/mapFields.ts',
  ]
  assert.equal(checkPaths(wrong).length, wrong.length)
})

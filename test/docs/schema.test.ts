import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { describeSchema } from '../../scripts/schema.ts'
import { testDatabase } from '../support/database.ts'

test('migrations/schema.md shows the schema that the migrations make', async (t) => {
  const { pool } = await testDatabase(t)
  const written = readFileSync(new URL('../../migrations/schema.md', import.meta.url), 'utf8')
  assert.equal(written, await describeSchema(pool), 'node scripts/schema.ts writes it anew')
})

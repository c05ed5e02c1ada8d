import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { errorTable } from '#core/errors.ts'

const document = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const rows = document.split('\n').filter((line) => line.startsWith('| `'))

test('docs/errors.md explains exactly the codes that the code can raise, in order, with their status', () => {
  const documented = rows.map((row) => /^\| `([a-z_.]+)` \| (\d{3}) \|/.exec(row)?.slice(1))
  assert.deepEqual(
    documented,
    Object.entries(errorTable).map(([code, status]) => [code, String(status)]),
  )
})

test('each says what it means and what to do', () => {
  for (const row of rows) {
    const [, code, , means = '', todo = ''] = row.split('|').map((cell) => cell.trim())
    assert.ok(/^[A-Z].{20,}\.$/.test(means), `${code}: ${means}`)
    assert.ok(/^[A-Z].{6,}\.$/.test(todo), `${code}: ${todo}`)
  }
})

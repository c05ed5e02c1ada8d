import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { phases, victims } from './phases.ts'
import { planRounds, type RoundPlan, roundOf } from './plan.ts'
import { killDatabases } from './postgres.ts'
import { killAll } from './processes.ts'
import { copyProgram, plantedFaults } from './program.ts'
import { runRound } from './round.ts'

process.once('exit', () => {
  killAll()
  killDatabases()
})

test('the comparer shares nothing with what it judges', async () => {
  const folder = join(import.meta.dirname, 'comparer')
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), 'utf8')
    const sources = [...text.matchAll(/from '([^']+)'/g)].map(([, source]) => source!)
    for (const source of sources) assert.match(source, /^\.\/|^node:/, `${file} imports ${source}`)
  }
})

test('every planted fault can still be planted, and says what it breaks', async () => {
  const faults = await plantedFaults()
  assert.equal(faults.length, 10)
  for (const { breaks, patch } of faults) {
    assert.match(breaks, /^[A-Z].*\.$/)
    const program = await copyProgram(patch)
    await program.remove()
  }
})

test('a seed fixes its rounds, and sixteen of them strike every victim in every phase', () => {
  const take = (count: number) => planRounds(7).take(count).toArray()
  const rounds = take(16)
  assert.deepEqual(take(10), rounds.slice(0, 10))
  for (const victim of victims) {
    const struck = rounds.filter((round) => round.victim === victim).map(({ phase }) => phase)
    assert.deepEqual(new Set(struck), new Set(phases), victim)
  }
})

/** The long run has the stops of 30 s; here what takes seconds. */
const short: Pick<RoundPlan, 'victim' | 'phase' | 'strike'>[] = [
  { victim: 'hub', phase: 'initial sync', strike: 'kill' },
  { victim: 'worker', phase: 'write-back', strike: 'kill' },
  { victim: 'postgres', phase: 'hints', strike: 'hang and kill' },
]

for (const [index, { victim, phase, strike }] of short.entries()) {
  test(`nothing is lost, doubled, revived or stale: ${strike} of ${victim} during ${phase}`, async () => {
    const plan = roundOf({ number: index + 1, seed: 20 + index, victim, phase, strike })
    const { violations, blow } = await runRound(plan, { records: 800, stopMs: 12_000 })
    assert.deepEqual(violations, [])
    assert.ok(blow.counted, `the strike hit nothing: ${blow.before} rows before it, ${blow.after} after`)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RoundPlan, roundOf } from './plan.ts'
import { killDatabases } from './postgres.ts'
import { killAll } from './processes.ts'
import { runRound } from './round.ts'

/** One round with stops of seconds; the long run has those of 30. A file each, since a round mostly waits. */
export function shortRound(
  seed: number,
  { victim, phase, strike }: Pick<RoundPlan, 'victim' | 'phase' | 'strike'>,
): void {
  process.once('exit', () => {
    killAll()
    killDatabases()
  })
  test(`nothing is lost, doubled, revived or stale: ${strike} of ${victim} during ${phase}`, async () => {
    const plan = roundOf({ number: 1, seed, victim, phase, strike })
    const { violations, blow } = await runRound(plan, { records: 800, stopMs: 12_000 })
    assert.deepEqual(violations, [])
    assert.ok(blow.counted, `the strike hit nothing: ${blow.before} rows before it, ${blow.after} after`)
  })
}

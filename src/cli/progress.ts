import type { Run } from '../server/contract/runs.ts'
import { count, seconds } from './output.ts'

const barWidth = 24

/** One line of a run: how far, how fast, how long yet, and what went wrong. */
export function progressLine(run: Run): string {
  const { entity, state, records, expected, rate, secondsLeft, problem } = run
  const share = expected === null || expected === 0 ? null : Math.min(1, records / expected)
  const bar = state === 'done' ? 1 : share
  const parts = [
    entity.padEnd(12),
    bar === null ? ' '.repeat(barWidth + 2) : `[${'#'.repeat(Math.round(bar * barWidth)).padEnd(barWidth)}]`,
    `${count(records)}${expected === null || state === 'done' ? '' : ` of about ${count(expected)}`}`,
  ]
  if (rate !== null && rate > 0) parts.push(`${count(rate)}/s`)
  if (state === 'running' && secondsLeft !== null) parts.push(`${seconds(secondsLeft)} left`)
  if (run.parked > 0) parts.push(`${count(run.parked)} parked`)
  if (state !== 'running') parts.push(state)
  if (problem && state !== 'done') {
    parts.push(`(${problem.page === undefined ? '' : `page ${problem.page}: `}${problem.message})`)
  }
  return parts.join('  ')
}

import type { Run } from '../server/contract/runs.ts'
import { columns, count, seconds } from './output.ts'

const barWidth = 24

/** What is done of a whole; empty where nobody knows how much there is. */
export function bar(share: number | null): string {
  if (share === null) return '·'.repeat(barWidth)
  // A bar that is full says that it is done.
  const full = share >= 1 ? barWidth : Math.min(barWidth - 1, Math.floor(share * barWidth))
  return '█'.repeat(full) + '░'.repeat(barWidth - full)
}

/** A line of progress before its columns are aligned: how far, how fast, how long yet, and what went wrong. */
export interface Progress {
  /** Whose progress it is; as many columns as all others have. */
  name: readonly string[]
  records: number
  /** About how many; null while unknown. */
  expected: number | null
  rate: number | null
  secondsLeft: number | null
  parked: number
  state: Run['state']
  problem: Run['problem']
}

export function progressOf(run: Run): Progress {
  return { ...run, name: [run.entity] }
}

/** Lines of progress with their figures one below the other. */
export function progressLines(all: readonly Progress[]): string[] {
  const right = (text: string, width: number) => text.padStart(width)
  const wide = Math.max(0, ...all.map(({ records }) => count(records).length))
  const rates = all.map(rateOf)
  const fast = Math.max(0, ...rates.map(({ length }) => length))
  return columns(
    all.map((one, i) => [
      ...one.name,
      bar(shareOf(one)),
      right(count(one.records), wide),
      ...(all.some((other) => wholeOf(other) !== '') ? [wholeOf(one)] : []),
      right(rates[i]!, fast),
      stateOf(one),
    ]),
  ).map((line) => line.trimEnd())
}

function shareOf({ state, records, expected }: Progress): number | null {
  if (state === 'done') return 1
  return expected === null || expected === 0 ? null : Math.min(0.999, records / expected)
}

const wholeOf = ({ state, expected }: Progress) =>
  expected === null || state === 'done' ? '' : `of about ${count(expected)}`

const rateOf = ({ rate }: Progress) => (rate === null || rate <= 0 ? '' : `${count(rate)}/s`)

function stateOf({ state, secondsLeft, parked, problem }: Progress): string {
  const parts: string[] = state === 'running' ? [] : [state]
  if (state === 'running' && secondsLeft !== null) parts.push(`${seconds(secondsLeft)} left`)
  if (parked > 0) parts.push(`${count(parked)} parked`)
  if (problem && state !== 'done') {
    parts.push(`(${problem.page === undefined ? '' : `page ${problem.page}: `}${problem.message})`)
  }
  return parts.join(', ')
}

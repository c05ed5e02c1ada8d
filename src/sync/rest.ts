import type { Clock } from '#core/clock.ts'

/** Who failed rests, twice as long after each failure in a row. */
export interface Rest {
  resting(): string[]
  /** `until`: at least so long, in milliseconds since the epoch. */
  failed(name: string, until?: number): void
  worked(name: string): void
}

const shortestMs = 1_000
const longestMs = 60_000

export function createRest(clock: Pick<Clock, 'now' | 'monotonic'>): Rest {
  const resting = new Map<string, { until: number; ms: number }>()
  return {
    resting: () => [...resting].filter(([, { until }]) => until > clock.monotonic()).map(([name]) => name),
    failed(name, until) {
      const ms = Math.min((resting.get(name)?.ms ?? shortestMs / 2) * 2, longestMs)
      const asked = until === undefined ? 0 : until - clock.now()
      resting.set(name, { ms, until: clock.monotonic() + Math.max(ms, asked) })
    },
    worked: (name) => resting.delete(name),
  }
}

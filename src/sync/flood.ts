import type { Clock } from '#core/clock.ts'

export interface Flood {
  /** So many events were kept now. */
  add(count: number): void
  /** More come in than are worth reading back as they come. */
  readonly lasts: boolean
}

/** What Dataverse lets one user read back at 100 ids a request and 6,000 requests in five minutes. */
const floodPerSecond = 2_000

/** Counts what came in this second, and of the one before it the share that the last second still covers. */
export function createFlood({ monotonic }: Pick<Clock, 'monotonic'>): Flood {
  let second = 0
  let [before, current] = [0, 0]
  const turnTo = (seconds: number) => {
    const passed = Math.floor(seconds) - second
    if (passed > 0) [before, current] = [passed === 1 ? current : 0, 0]
    second += passed
  }
  return {
    add(count) {
      turnTo(monotonic() / 1000)
      current += count
    },
    get lasts() {
      const seconds = monotonic() / 1000
      turnTo(seconds)
      return before * (second + 1 - seconds) + current > floodPerSecond
    },
  }
}

import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'

/** Wall time for what people and other machines see, monotonic time for every duration. */
export interface Clock {
  /** Milliseconds since the epoch; may jump. */
  now(): number
  /** Milliseconds since an arbitrary start; never goes back, also when the wall clock is set. */
  monotonic(): number
  /** Rejects with the signal's own reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Node fires a timer above this at once (nodejs.org/api/timers.html), so longer sleeps go in parts. */
export const longestTimerMs = 2_147_483_647

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  try {
    for (let left = ms; left > 0; left -= longestTimerMs) {
      await delay(Math.min(left, longestTimerMs), undefined, signal ? { signal } : {})
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
}

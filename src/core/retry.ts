import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'

export interface BackoffOptions {
  /** Ceiling of the wait after the first failure, in milliseconds. */
  baseMs?: number
  /** Ceiling of every wait, in milliseconds. */
  capMs?: number
}

/**
 * Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): uniform below a doubling ceiling, so that
 * many processes that failed together do not come back together. `attempt` counts from 0, `random` is in [0, 1).
 */
export function backoff(attempt: number, random: number, options: BackoffOptions = {}): number {
  const { baseMs = 250, capMs = 20_000 } = options
  return Math.floor(random * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30)))
}

export type Outcome<T> = { value: T } | { error: unknown }

export interface RetryOptions<T> {
  /** How often the task is run at most, the first time included. */
  attempts: number
  /** Milliseconds to wait before the next run, or undefined to leave it at this outcome. */
  wait: (outcome: Outcome<T>, attempt: number) => number | undefined
  /** Monotonic time after which no further run may start. */
  deadline?: number
  clock?: Clock
  signal?: AbortSignal
}

/** Runs the task until `wait`, the count or the deadline says stop; then gives or throws the last outcome. */
export async function retry<T>(task: (attempt: number) => Promise<T>, options: RetryOptions<T>): Promise<T> {
  const { attempts, wait, deadline = Number.POSITIVE_INFINITY, clock = systemClock, signal } = options
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted()
    const outcome = await settle(task, attempt)
    const pause = attempt + 1 < attempts ? wait(outcome, attempt) : undefined
    if (pause === undefined || clock.monotonic() + pause >= deadline) {
      if ('error' in outcome) throw outcome.error
      return outcome.value
    }
    await clock.sleep(pause, signal)
  }
}

async function settle<T>(task: (attempt: number) => Promise<T>, attempt: number): Promise<Outcome<T>> {
  try {
    return { value: await task(attempt) }
  } catch (error) {
    return { error }
  }
}

// Limits by the hour are common. A vendor that asks for longer is asked again after this: a broken header parks nobody for years.
const longestRetryAfterMs = 6 * 3_600_000

/**
 * Milliseconds that a `Retry-After` asks for (RFC 9110 §10.2.3: seconds or a date), or undefined when it says nothing.
 * A date is measured against the server's own `Date`, because the two clocks may be minutes apart.
 */
export function retryAfterMs(header: string | undefined, dateHeader: string | undefined, now: number) {
  const text = header?.trim()
  if (!text) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, longestRetryAfterMs)
  const until = httpDate(text)
  if (until === undefined) return undefined
  const serverNow = httpDate(dateHeader?.trim() ?? '') ?? now
  return Math.min(Math.max(until - serverNow, 0), longestRetryAfterMs)
}

/** The three forms of RFC 9110 §5.6.7; asctime has no zone and would be read as local time. */
function httpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(text)) return undefined
  const time = Date.parse(/(GMT|UTC|[+-]\d{4})$/.test(text) ? text : `${text} GMT`)
  return Number.isNaN(time) ? undefined : time
}

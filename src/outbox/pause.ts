import { HubError } from '#core/errors.ts'
import type { WriteProblem } from './write.ts'

// A write waits as long as it must; it looks again at least this often.
const longestPauseMs = 60_000

/** How long a write waits after so many failures in a row: doubling, between half and all of it; `random` in [0, 1). */
export function pauseMs(firstPauseMs: number, times: number, random: number): number {
  const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(times - 1, 20))
  return Math.ceil(ceiling / 2 + (ceiling / 2) * random)
}

/** What a person reads while the write waits; counted on while one failure follows the other. */
export function problemOf(error: unknown, before: WriteProblem | null, now: number): WriteProblem {
  // What was refused stays the reason, whatever keeps the last look from being taken.
  if (before?.refused) return { ...before, times: before.times + 1 }
  const known = error instanceof HubError ? error : new HubError('internal', 'The write met a fault of the hub')
  const { mend, field, vendorStatus, vendorCode, vendorText } = known.detail
  const fromVendor = vendorStatus !== undefined || vendorCode !== undefined || vendorText !== undefined
  return {
    code: known.code,
    message: known.message,
    mend: mend ?? null,
    since: before?.since ?? new Date(now).toISOString(),
    times: (before?.times ?? 0) + 1,
    ...(field === undefined ? {} : { field }),
    ...(fromVendor
      ? { vendor: { status: vendorStatus ?? null, code: vendorCode ?? null, text: vendorText ?? null } }
      : {}),
  }
}

import type { CrmSession } from '#connectors/call.ts'
import { systemClock } from '#core/clock.ts'
import type { Mark } from '#model/mark.ts'
import { apiPath } from './client.ts'

/** What versions (SystemModstamp) and the conditions upon them tell apart, and the service's `Date`. */
const precisionMs = 1_000
/** Farther than this no clock is off: a version of longer ago needs no look. */
const farMs = 900_000
const longestWaitMs = 3_000

/**
 * Waits, by the service's own clock, until the second of these versions is over. A change within that second would leave
 * the version as it is, and another write that is bound to it would pass as well, over a change that nobody saw.
 */
export async function passSecond(session: CrmSession, marks: readonly (Mark | undefined)[]): Promise<void> {
  const recent = marks
    .map((mark) => (mark ? Number(mark[0]) : 0))
    .filter((at) => Math.abs(systemClock.now() - at) < farMs)
  if (recent.length === 0) return
  const left = Math.max(...recent) + precisionMs - (await timeOf(session))
  if (left > 0) await systemClock.sleep(Math.min(left, longestWaitMs))
}

/** At least so late it is there. Where nobody tells, ours counts. */
async function timeOf(session: CrmSession): Promise<number> {
  const reply = await session
    .call(`${apiPath(session)}/limits`, { lane: 'person', retry: 'never' })
    .catch(() => undefined)
  const told = Date.parse(reply?.headers.date ?? '')
  return Number.isNaN(told) ? systemClock.now() : told
}

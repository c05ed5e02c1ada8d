import type { ActOutcome, AuditedAct } from '../../api/audit-log.ts'

/** How an act ended, as far as can be told: of what only began, whether it still can be under way. */
export type Ending = ActOutcome | 'under way' | 'cut short'

/** Hardly a request lasts longer; the verification of a log of years may. */
const longestMs = 600_000

export function endingOf({ outcome, at }: AuditedAct, startedAt: string | null, now: number): Ending {
  if (outcome !== 'begun') return outcome
  if (startedAt !== null && at < startedAt) return 'cut short'
  return now - Date.parse(at) < longestMs ? 'under way' : 'begun'
}

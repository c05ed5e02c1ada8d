import type { AuditedAct, VerifyFinding } from '../../api/audit-log.ts'

/** A line of the list: an act, or the place where something is wrong that no shown act tells of. */
export type Entry =
  | { kind: 'act'; act: AuditedAct; findings: VerifyFinding[] }
  | { kind: 'gap'; key: string; what: RowFinding; at: string; findings: VerifyFinding[] }

export type RowFinding = 'removed' | 'added' | 'altered'

/** What the list holds: it tells which of the findings lie inside it. */
export interface Held {
  /** Nothing but the time narrows it. */
  everything: boolean
  /** No older act follows. */
  toTheEnd: boolean
  from: string | null
  to: string | null
}

/** The acts, newest first, with what a verification found among them. */
export function inPlace(acts: readonly AuditedAct[], findings: readonly VerifyFinding[], held: Held): Entry[] {
  const shown = new Set(acts.map(({ id }) => id))
  const entries: Entry[] = acts.map((act) => ({
    kind: 'act',
    act,
    findings: findings.filter(({ id }) => id === act.id),
  }))
  const gaps = findings
    .filter((finding) => finding.id !== null && !shown.has(finding.id))
    // What was removed may have been anything; what is there still is hidden by the filters.
    .filter(({ kind }) => kind === 'removed' || held.everything)
    .map((finding) => ({ finding, at: timeOfFinding(finding) }))
    .filter((gap): gap is Gap => gap.at !== null && isInside(gap.at, held))
    .sort((a, b) => (a.at < b.at ? 1 : -1))
  for (const gap of gaps) insert(entries, gap, held.toTheEnd)
  return entries
}

interface Gap {
  finding: VerifyFinding
  at: string
}

const isInside = (at: string, { from, to }: Held) => (from === null || at >= from) && (to === null || at < to)

function insert(entries: Entry[], { finding, at }: Gap, toTheEnd: boolean): void {
  const next = entries.findIndex((entry) => (entry.kind === 'act' ? entry.act.at : entry.at) < at)
  if (next < 0 && !toTheEnd) return
  const place = next < 0 ? entries.length : next
  const before = entries[place - 1]
  const what = finding.kind as RowFinding
  if (before?.kind === 'gap' && before.what === what) before.findings.push(finding)
  else entries.splice(place, 0, { kind: 'gap', key: `gap ${finding.id}`, what, at, findings: [finding] })
}

const uuidv7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7/i

/** An act's id begins with the millisecond at which it was written: all that is left of one that was removed. */
export function timeOfFinding({ at, id }: VerifyFinding): string | null {
  if (at !== null) return at
  const [, high, low] = uuidv7.exec(id ?? '') ?? []
  return high === undefined ? null : new Date(Number.parseInt(`${high}${low}`, 16)).toISOString()
}

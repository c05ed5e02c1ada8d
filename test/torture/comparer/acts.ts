import { type Asked, isDone, isUnknown } from './edits.ts'
import type { Violation } from './records.ts'

/** A row of `GET /api/v1/audit-log`: an act and its outcome. */
export interface LoggedAct {
  at: string
  act: string
  subject: { id: string } | null
  outcome: string
  details: Record<string, unknown>
}

export interface ActCase {
  who: string
  /** All that they asked, one after the other. */
  asked: readonly Asked[]
  logged: readonly LoggedAct[]
  /** A database that dies takes outcomes of these moments along: they wait for no disk. */
  excused(at: number): boolean
}

/** Times are told in whole milliseconds, by two programs. */
const slackMs = 2

/** For each act that was answered the audit log holds one, with its outcome; it holds nothing that nobody asked. */
export function compareActs({ who, asked, logged, excused }: ActCase): Violation[] {
  // Who lacks the permission is refused before an act begins; of several a second one is written, later.
  const [denied, begun] = [isDenied, (row: LoggedAct) => !isDenied(row)].map((of) => logged.filter(of))
  const tell = (told: string): Violation => ({ kind: 'broken', told: `audit log of ${who}: ${told}` })
  const violations = asked
    .filter((one) => !isUnknown(one) && one.code !== 'auth.denied')
    .flatMap((one) => {
      const isExcused = excused(one.sentAt) || excused(one.answeredAt)
      // What was done made durable that it began.
      if (isExcused && !isDone(one)) return []
      const rows = begun!.filter((row) => isOf(row, one))
      const outcome = isDone(one) ? 'done' : 'refused'
      const told = `${one.act} of ${one.subject ?? 'a record'}, answered with ${one.status}`
      // One that went unanswered may have been taken up late.
      const late = asked.filter(
        (other) => isUnknown(other) && other.act === one.act && other.sentAt < one.sentAt,
      ).length
      const found = rows.some((row) => row.outcome === outcome || (isExcused && row.outcome === 'begun'))
      if (!found) return [tell(`${told}, is not in it as ${outcome}`)]
      return rows.length > 1 + late ? [tell(`${told}, is in it ${rows.length} times`)] : []
    })
  const acts = new Set(asked.map(({ act }) => act))
  for (const act of acts) {
    const ofAct = asked.filter((one) => one.act === act)
    const rows = begun!.filter((row) => row.act === act).length
    if (rows > ofAct.length) violations.push(tell(`${ofAct.length} times ${act} was asked, and ${rows} are in it`))
    const isTold = denied!.some((row) => row.act === act)
    const refused = ofAct.filter((one) => one.code === 'auth.denied' && !excused(one.answeredAt))
    if (refused.length > 0 && !isTold) violations.push(tell(`that ${act} was denied is not in it`))
  }
  return violations
}

const isDenied = ({ outcome, details }: LoggedAct) => outcome === 'refused' && details.code === 'auth.denied'

function isOf(row: LoggedAct, { act, subject, sentAt, answeredAt }: Asked): boolean {
  if (row.act !== act || (subject !== null && row.subject?.id !== subject)) return false
  const at = Date.parse(row.at)
  return at >= sentAt - slackMs && at <= answeredAt + slackMs
}

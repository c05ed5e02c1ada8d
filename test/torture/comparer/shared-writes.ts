import type { CrmRow, Violation } from './records.ts'
import type { HubWrite, LoggedWrite } from './writes.ts'

/** A write by one of several people who write to the same record. */
export interface SharedWrite {
  id: string
  who: string
  sourceId: string
  /** Only if the CRM still holds this version. */
  upon: string | null
  /** Of each write another, so that what stands tells whose it is. */
  fields: Record<string, unknown>
  /** Milliseconds since the epoch: when it was first asked, and when it was accepted. */
  sentAt: number
  answeredAt: number
}

export interface SharedCase {
  shared: readonly SharedWrite[]
  writes: readonly HubWrite[]
  log: readonly LoggedWrite[]
  rows: readonly CrmRow[]
}

/** Accepted writes are made once each, in the order of acceptance; of those upon one version, one at most. */
export function compareSharedWrites({ shared, writes, log, rows }: SharedCase): Violation[] {
  const states = new Map(writes.map((write) => [write.id, write]))
  const applied = Map.groupBy(
    log.filter(({ status, rolledBack }) => status >= 200 && status < 300 && !rolledBack),
    ({ id }) => id ?? '',
  )
  const crm = new Map(rows.map((row) => [row.id, row]))
  return [...Map.groupBy(shared, ({ sourceId }) => sourceId)].flatMap(([sourceId, ofRecord]) => {
    const tell = (kind: Violation['kind'], why: string): Violation => ({
      kind,
      told: `writes of two people to ${sourceId}: ${why}`,
    })
    const inState = (state: string) => ofRecord.filter(({ id }) => states.get(id)?.state === state)
    const done = inState('done')
    // Its answer was lost, and what stands there may be another's: a person is asked.
    const doubtful = inState('unknown').filter(({ upon }) => upon !== null)
    const told = new Set([...done, ...doubtful])
    const times = applied.get(sourceId)?.length ?? 0
    return [
      ...ofRecord.filter((write) => !told.has(write)).flatMap((write) => untold(write, states.get(write.id))),
      ...uponOne(done),
    ]
      .map((why) => tell('lost', why))
      .concat(times > told.size ? [tell('doubled', `${done.length} are done, ${times} applied`)] : [])
      .concat(times < done.length ? [tell('lost', `${done.length} are done, ${times} applied`)] : [])
      .concat(endOf(done, doubtful, crm.get(sourceId)).map((why) => tell('stale', why)))
  })
}

/** What was not written is told, with a reason that only a condition can have. */
function untold({ who, upon, fields }: SharedWrite, found: HubWrite | undefined): string[] {
  if (found?.state === 'failed' && found.problem?.code === 'write.conflict' && upon !== null) return []
  const how = found ? `${found.state} (${found.problem?.message ?? 'no reason'})` : 'not known any more'
  return [`${JSON.stringify(fields)} by ${who}${upon === null ? '' : ` upon ${upon}`} is ${how}`]
}

function uponOne(done: readonly SharedWrite[]): string[] {
  const upon = Map.groupBy(
    done.filter((write) => write.upon !== null),
    (write) => write.upon,
  )
  return [...upon]
    .filter(([, both]) => both.length > 1)
    .map(([mark, both]) => `${both.map(({ who }) => who).join(' and ')} each wrote upon version ${mark}`)
}

function endOf(done: readonly SharedWrite[], doubtful: readonly SharedWrite[], row: CrmRow | undefined): string[] {
  if (done.length === 0) return []
  if (!row || row.deleted) return ['written, and gone']
  const last = done.filter((write) => !done.some(({ sentAt }) => sentAt > write.answeredAt))
  const stands = [...last, ...doubtful].some(({ fields }) =>
    Object.entries(fields).every(([name, value]) => row.fields[name] === value),
  )
  if (stands) return []
  const names = Object.keys(last[0]!.fields)
  const there = JSON.stringify(Object.fromEntries(names.map((name) => [name, row.fields[name]])))
  return [`${there} stands there, and accepted last: ${last.map(({ fields }) => JSON.stringify(fields)).join('; ')}`]
}

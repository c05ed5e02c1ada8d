import type { CrmRow, Violation } from './records.ts'

/** A write that the hub accepted with 202. */
export interface Accepted {
  id: string
  key: string
  entity: string
  sourceId: string
  operation: 'create' | 'update' | 'upsert' | 'delete'
  fields: Record<string, unknown>
}

/** `GET /api/v1/writes` */
export interface HubWrite {
  id: string
  /** Where the CRM chooses ids, known when it was created. */
  sourceId: string
  state: string
  problem: { code: string; message: string } | null
}

/** The simulator's log of what was written to it through its Web API. */
export interface LoggedWrite {
  operation: string
  entity: string | null
  id: string | null
  status: number
  rolledBack: boolean
}

export interface WriteCase {
  accepted: readonly Accepted[]
  writes: readonly HubWrite[]
  log: readonly LoggedWrite[]
  rows: readonly CrmRow[]
}

/** Each accepted write is in the CRM, once, and the last one of each record is what stands there. */
export function compareWrites({ accepted, writes, log, rows }: WriteCase): Violation[] {
  const violations: Violation[] = []
  const states = new Map(writes.map((write) => [write.id, write]))
  const applied = Map.groupBy(
    log.filter((entry) => entry.status >= 200 && entry.status < 300 && !entry.rolledBack),
    (entry) => entry.id ?? '',
  )
  const crm = new Map(rows.map((row) => [row.id, row]))
  for (const [sourceId, ofRecord] of Map.groupBy(accepted, (write) => write.sourceId)) {
    const tell = (kind: Violation['kind'], why: string) =>
      violations.push({ kind, told: `write to ${sourceId}: ${why}` })
    for (const { id, key } of ofRecord) {
      const found = states.get(id)
      if (!found) tell('lost', `'${key}' was accepted and is not known any more`)
      else if (found.state !== 'done')
        tell('lost', `'${key}' is ${found.state} (${found.problem?.message ?? 'no reason'})`)
    }
    const times = applied.get(sourceId)?.length ?? 0
    if (times > ofRecord.length) tell('doubled', `${ofRecord.length} accepted, ${times} applied`)
    if (times < ofRecord.length) tell('lost', `${ofRecord.length} accepted, ${times} applied`)
    for (const why of endOf(ofRecord.at(-1)!, crm.get(sourceId))) tell('stale', why)
  }
  const keys = new Set(accepted.map((write) => write.id))
  if (keys.size < accepted.length) {
    violations.push({
      kind: 'lost',
      told: `${accepted.length - keys.size} writes under keys of their own were taken for others`,
    })
  }
  return violations
}

function endOf(last: Accepted, row: CrmRow | undefined): string[] {
  if (last.operation === 'delete') return row?.deleted ? [] : ['deleted, and still there']
  if (!row || row.deleted) return ['written, and gone']
  const differing = Object.keys(last.fields).filter((name) => row.fields[name] !== last.fields[name])
  return differing.map((name) => `${name} is not what was written last`)
}

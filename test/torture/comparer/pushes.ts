import { isEarlier } from './marks.ts'
import type { HubRecord, Violation } from './records.ts'

/** A change in the CRM, in the order they were made. */
export interface MadeChange {
  entity: string
  id: string
  operation: string
  /** The version that it made, as the hub tells it; null where the CRM has none. */
  mark: string | null
}

export interface PushCase {
  changes: readonly MadeChange[]
  /** A line per acknowledgement. */
  acknowledged: readonly { entity: string; id: string }[]
  records: readonly HubRecord[]
}

/**
 * A push that was acknowledged is kept: with no other pass since, the hub holds what it told of. Only records whose
 * every change was acknowledged are judged, since nobody promised the others.
 */
export function comparePushes({ changes, acknowledged, records }: PushCase): {
  judged: number
  violations: Violation[]
} {
  const nameOf = (one: { entity: string; id: string }) => `${one.entity} ${one.id}`
  const acknowledgements = Map.groupBy(acknowledged, nameOf)
  const held = new Map(records.map((record) => [`${record.entity} ${record.source.id}`, record]))
  const violations: Violation[] = []
  let judged = 0
  for (const [name, made] of Map.groupBy(changes, nameOf)) {
    if ((acknowledgements.get(name)?.length ?? 0) < made.length) continue
    judged += 1
    const last = made.at(-1)!
    const why = missing(last, held.get(name))
    if (why !== null) violations.push({ kind: 'lost', told: `an acknowledged push of ${name}: ${why}` })
  }
  return { judged, violations }
}

function missing(last: MadeChange, record: HubRecord | undefined): string | null {
  const gone = record === undefined || record.deletedAt !== null
  if (last.operation === 'delete') return gone ? null : `deleted, and the hub holds version ${record.mark}`
  if (gone) return `version ${last.mark} is not in the hub`
  if (!isEarlier(record.mark, last.mark)) return null
  return `version ${last.mark}, and the hub holds ${record.mark}`
}

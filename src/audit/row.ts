import type { Act } from './act.ts'
import { type AuditKey, proofOf } from './key.ts'

/** An act as its writer knows it; what the database adds (transaction, time) is proven by the block alone. */
export interface WrittenRow {
  id: string
  actorKind: string
  actorId: string
  sessionId: string | null
  act: string
  subjectKind: string | null
  subjectId: string | null
  outcome: string
  begun: string | null
  /** JSON as it stands in the row, to the letter. */
  details: string
  personal: string | null
}

const macBytes = 16

/** As JSON, which no characters inside a part can confuse. */
export function macOf(key: AuditKey, row: WrittenRow): Buffer {
  const { id, actorKind, actorId, sessionId, act, subjectKind, subjectId, outcome, begun, details, personal } = row
  const parts = [id, actorKind, actorId, sessionId, act, subjectKind, subjectId, outcome, begun, details, personal]
  return proofOf(key, JSON.stringify(parts)).subarray(0, macBytes)
}

type Known = Pick<WrittenRow, 'id' | 'details' | 'personal'>

export function rowOf(given: Act, { id, details, personal }: Known): WrittenRow {
  return {
    id,
    actorKind: given.actor.kind,
    actorId: given.actor.id,
    sessionId: given.sessionId ?? null,
    act: given.act,
    subjectKind: given.subject?.kind ?? null,
    subjectId: given.subject?.id ?? null,
    outcome: given.outcome,
    begun: given.begun ?? null,
    details,
    personal,
  }
}

/**
 * SQL for all of a row `a` as one text, told apart whatever it holds: a record's own spelling quotes its parts. Times
 * are written as numbers and bytes in hex, so that no setting of a session changes them.
 */
export const wholeRow = `row(a.xid, a.id, extract(epoch from a.at), a.actor_kind, a.actor_id, a.session_id, a.act,
  a.subject_kind, a.subject_id, a.outcome, a.begun, a.details::text, a.result::text, a.personal::text,
  encode(a.mac, 'hex'))::text`

export const digestBytes = 16

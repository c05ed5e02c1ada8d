import type { Mark } from '#model/mark.ts'

export type WriteOperation = 'create' | 'update' | 'upsert' | 'delete'

/**
 * `kept`: durable, and nothing of it is out there. `sending`: a request may have left. `sent`: the CRM acknowledged it.
 * `done`: read back. `failed`: surely not written, or given up by a person. `unknown`: whether it was written cannot be
 * told, so a person decides.
 */
export type WriteState = 'kept' | 'sending' | 'sent' | 'done' | 'failed' | 'unknown' | 'cancelled'

/** Every step that a write may take; a step to itself is a new attempt or a longer wait. */
export const transitions: Record<WriteState, readonly WriteState[]> = {
  kept: ['kept', 'sending', 'done', 'failed', 'cancelled'],
  sending: ['sending', 'kept', 'sent', 'done', 'failed', 'unknown'],
  sent: ['sent', 'sending', 'done', 'unknown'],
  done: [],
  failed: ['kept'],
  unknown: ['done', 'kept', 'failed'],
  cancelled: [],
}

/** States in which the worker still has to do something. */
export const openStates = ['kept', 'sending', 'sent'] as const satisfies readonly WriteState[]

/** What the CRM held before the first request, and what an upsert became. A repeat is allowed only against this. */
export interface Base {
  operation: 'create' | 'update' | 'delete'
  /** Null for a create, and where the CRM has no versions. */
  mark: Mark | null
}

/** Why a write waits, failed or is unknown. */
export interface WriteProblem {
  code: string
  message: string
  mend: string | null
  /** ISO time of the first of an unbroken row of failures, and how many they are. */
  since: string
  times: number
  field?: string
  /** The vendor's own words, redacted at the door. */
  vendor?: { status: number | null; code: string | null; text: string | null }
  /** A repeat was refused while the first request's answer was lost: final only when that one can no longer commit. */
  refused?: true
}

/** A field that the CRM holds otherwise than was asked: a plug-in or a rounding changed it, or someone did since. */
export interface Difference {
  field: string
  asked: unknown
  found: unknown
}

export interface WriteResult {
  /** The CRM's version as acknowledged, then as read back; null where it has none. */
  mark?: string | null
  /** ISO time, by the hub's clock. */
  readBackAt?: string
  /** Reading back found no such record. */
  absent?: true
  /** The CRM holds a later version than the one acknowledged: a plug-in or someone else wrote since. */
  changedSince?: true
  differences?: Difference[]
  /** How it is known that it was written: the CRM's answer, a reading after the answer was lost, or a person's word. */
  proof?: 'answer' | 'reading' | 'person'
  /** How often it was acknowledged and had no effect. */
  idle?: number
  /** Why it could not be read back. */
  unread?: string
  settled?: Settlement[]
}

/** What a person decided about a write. */
export interface Settlement {
  decision: 'written' | 'not_written' | 'repeat' | 'retry' | 'cancel'
  by: string
  at: string
}

export interface OutboxRow {
  id: string
  /** In the order of acceptance. */
  number: bigint
  connectionId: string
  tableId: number
  entity: string
  recordId: string
  sourceId: string
  operation: WriteOperation
  /** The CRM's field names → canonical values. */
  fields: Record<string, unknown>
  /** Only when the CRM still holds this version; given by the caller. */
  expectedMark: Mark | null
  writeKey: string
  state: WriteState
  /** Requests sent to the CRM. */
  attempts: number
  notBefore: Date
  base: Base | null
  /** A request may have been carried out without its answer having reached us. */
  answerLost: boolean
  problem: WriteProblem | null
  result: WriteResult | null
  requestedBy: string
  /** By whose own account of the CRM it goes out; null: by the hub's. */
  personId: string | null
  createdAt: Date
  /** When the last request went out. */
  sentAt: Date | null
  doneAt: Date | null
}

/** The version that the CRM must still hold; none once a person decided to write over what is there now. */
export function expectedMarkOf(row: Pick<OutboxRow, 'expectedMark' | 'result'>): Mark | null {
  return row.result?.settled?.some(({ decision }) => decision === 'repeat') ? null : row.expectedMark
}

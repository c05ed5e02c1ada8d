import type { DestinationAbility, RowWrite } from '#connectors/destination.ts'
import type { HubError } from '#core/errors.ts'
import type { Mark } from '#model/mark.ts'
import { type BuiltRow, buildRow, type RowIdOf, sourceFields } from './build.ts'
import type { DueRow, OnDelete } from './destination.ts'
import type { RowPlan } from './plan.ts'
import type { HeldRecord, RowProblem, Settled } from './rows.ts'

/** What is to be done with a row that is due; `mark` is the version that the next request is bound to. */
export interface Turn {
  row: DueRow
  to: 'written' | 'deactivated' | 'deleted'
  built: BuiltRow | null
  /** Written with a row that is taken out of use: a person may have emptied what tells where it comes from. */
  origin: Record<string, unknown>
  mark: Mark | null
  /** The row may be there in a version that nobody knows: it is read before it is written. */
  unknown: boolean
  /** It was read: others may have changed any of it, and taken it out of use. */
  wasRead: boolean
}

export interface TurnContext {
  plan: RowPlan | undefined
  record: HeldRecord | undefined
  onDelete: OnDelete
  rowIdOf: RowIdOf
}

/** Either what to ask of the destination, or how the row's turn ends without asking. */
export function takeTurn(row: DueRow, context: TurnContext): Turn | Settled {
  const { plan, record, onDelete, rowIdOf } = context
  // No longer copied: what stands there stays as it is.
  if (!plan) return settled(row, {})
  if (!record?.lives || record.source === null) return whenGone(row, onDelete, record ? originOf(plan, record) : {})
  const built = buildRow(plan, { sourceId: record.sourceId, source: record.source }, rowIdOf)
  if (built.refused) return parked(row, notTaken(built.refused))
  const same = row.state === 'written' && row.mark !== null && row.hash === built.hash
  if (same) return settled(row, { awaits: built.awaits, hash: built.hash })
  return {
    row,
    to: 'written',
    built,
    origin: {},
    mark: row.mark,
    unknown: row.mark === null && row.state !== 'waiting' && row.state !== 'deleted',
    wasRead: false,
  }
}

/** Nothing where the column has no such choice: that is told of records that live. */
const originOf = (plan: RowPlan, { sourceId }: HeldRecord) => (plan.crm === null ? {} : sourceFields(plan, sourceId))

function whenGone(row: DueRow, onDelete: OnDelete, origin: Turn['origin']): Turn | Settled {
  const isNone = row.state === 'waiting' || row.state === 'deleted'
  if (isNone && !row.sent) return settled(row, { state: 'deleted' })
  if (onDelete === 'keep') return settled(row, { state: row.state === 'deleted' ? 'deleted' : 'kept' })
  const to = onDelete === 'delete' ? 'deleted' : 'deactivated'
  if (row.state === to && row.mark !== null) return settled(row, {})
  return { row, to, built: null, origin, mark: row.mark, unknown: row.mark === null, wasRead: false }
}

/** The row is not there, and is not to be; unless a request that was to make it may still be under way. */
export function gone({ row }: Turn, commitMs: number): Settled {
  const isMade = row.state === 'waiting' || row.state === 'deleted'
  const leftMs = isMade && row.sentAgo !== null ? commitMs - row.sentAgo : 0
  if (leftMs <= 0) return settled(row, { state: 'deleted', hash: null, mark: null, left: !isMade })
  return settled(row, { done: null, hash: null, mark: null, pauseMs: leftMs })
}

export function writeOf(
  { row, to, built, origin, mark, wasRead }: Turn,
  activity: DestinationAbility['activity'],
): RowWrite {
  const { rowId } = row
  if (to === 'deleted') return { operation: 'delete', rowId, expected: mark, fields: {} }
  if (to === 'deactivated')
    return { operation: 'update', rowId, expected: mark, fields: { ...origin, ...activity.inactive } }
  const fields = built!.fields
  if (mark === null) {
    const given = Object.entries(fields).filter(([, value]) => value !== null)
    return { operation: 'create', rowId, expected: null, fields: Object.fromEntries(given) }
  }
  // Of a row that we did not write last nobody knows whether it is in use: adopted, kept, taken out of use, changed by others.
  const active = row.state !== 'written' || wasRead ? activity.active : {}
  return { operation: 'update', rowId, expected: mark, fields: { ...fields, ...active } }
}

const base = (row: DueRow): Settled => ({
  recordId: row.recordId,
  state: row.state,
  done: row.asked,
  hash: row.hash,
  mark: row.mark,
  awaits: [],
  problem: null,
  wrote: false,
  left: false,
  pauseMs: null,
})

const settled = (row: DueRow, changes: Partial<Settled>): Settled => ({ ...base(row), ...changes })

export function wrote({ row, to, built }: Turn, mark: Mark | null): Settled {
  const left = to === 'deleted'
  return settled(row, {
    state: to,
    hash: built?.hash ?? null,
    mark: left ? null : mark,
    awaits: built?.awaits ?? [],
    wrote: true,
    left,
  })
}

/** The row stays there as it was, and is tried again when its record changes, or a person asks. */
export const parked = (row: DueRow, problem: RowProblem): Settled => settled(row, { hash: null, problem })

const longestPauseMs = 600_000

/** What was sent may be there by now: only a reading tells. */
export function again(row: DueRow, firstMs: number, error: HubError | null): Settled {
  const pauseMs = Math.min(longestPauseMs, firstMs * 2 ** Math.min(row.tries, 20))
  const problem = error === null ? null : problemOf(error)
  return settled(row, { done: null, hash: null, mark: null, pauseMs, problem })
}

/** It was surely not done, and is to be done at once. */
export const undone = (row: DueRow): Settled => settled(row, { done: null, hash: null, pauseMs: 0 })

export function problemOf(error: HubError): RowProblem {
  const { mend, field, vendorStatus, vendorCode, vendorText } = error.detail
  const told = vendorStatus !== undefined || vendorCode !== undefined
  return {
    code: error.code,
    message: error.message,
    mend: mend ?? null,
    field: field ?? null,
    vendor: told ? { status: vendorStatus ?? null, code: vendorCode ?? null, text: vendorText ?? null } : null,
  }
}

const notTaken = ({ column, reason }: { column: string; reason: string }): RowProblem => ({
  code: 'destination.value_refused',
  message: `${column}: ${reason}`,
  mend: 'Change the value in its CRM, or the mapping of this column.',
  field: column,
  vendor: null,
})

import type { DestinationAbility, RowWrite } from '#connectors/destination.ts'
import type { HubError } from '#core/errors.ts'
import type { Mark } from '#model/mark.ts'
import { type BuiltRow, buildRow, type RowIdOf } from './build.ts'
import type { DueRow, OnDelete } from './destination.ts'
import type { RowPlan } from './plan.ts'
import type { HeldRecord, RowProblem, Settled } from './rows.ts'

/** What is to be done with a row that is due; `mark` is the version that the next request is bound to. */
export interface Turn {
  row: DueRow
  to: 'written' | 'deactivated' | 'deleted'
  built: BuiltRow | null
  mark: Mark | null
  /** The row may be there in a version that nobody knows: it is read before it is written. */
  unknown: boolean
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
  if (!record?.lives || record.source === null) return whenGone(row, onDelete)
  const built = buildRow(plan, { sourceId: record.sourceId, source: record.source }, rowIdOf)
  if (built.refused) return parked(row, notTaken(built.refused))
  const same = row.state === 'written' && row.mark !== null && row.hash === built.hash
  if (same) return settled(row, { awaits: built.awaits, hash: built.hash })
  return {
    row,
    to: 'written',
    built,
    mark: row.mark,
    unknown: row.mark === null && row.state !== 'waiting' && row.state !== 'deleted',
  }
}

function whenGone(row: DueRow, onDelete: OnDelete): Turn | Settled {
  if (row.state === 'waiting' && !row.sent) return settled(row, { state: 'deleted' })
  if (row.state === 'deleted' && row.hash === null && row.mark === null && !row.sent) return settled(row, {})
  if (onDelete === 'keep') return settled(row, { state: row.state === 'deleted' ? 'deleted' : 'kept' })
  const to = onDelete === 'delete' ? 'deleted' : 'deactivated'
  if (row.state === to) return settled(row, {})
  return { row, to, built: null, mark: row.mark, unknown: row.mark === null }
}

export function writeOf({ row, to, built, mark }: Turn, activity: DestinationAbility['activity']): RowWrite {
  const { rowId } = row
  if (to === 'deleted') return { operation: 'delete', rowId, expected: mark, fields: {} }
  if (to === 'deactivated') return { operation: 'update', rowId, expected: mark, fields: activity.inactive }
  const fields = built!.fields
  if (mark === null) {
    const given = Object.entries(fields).filter(([, value]) => value !== null)
    return { operation: 'create', rowId, expected: null, fields: Object.fromEntries(given) }
  }
  const active = row.state === 'deactivated' ? activity.active : {}
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
  pauseMs: null,
})

export const settled = (row: DueRow, changes: Partial<Settled>): Settled => ({ ...base(row), ...changes })

export function wrote({ row, to, built }: Turn, mark: Mark | null): Settled {
  const gone = to === 'deleted'
  return settled(row, {
    state: to,
    hash: built?.hash ?? null,
    mark: gone ? null : mark,
    awaits: built?.awaits ?? [],
    wrote: true,
  })
}

/** The row stays there as it was, and is tried again when its record changes, or a person asks. */
export const parked = (row: DueRow, problem: RowProblem): Settled => settled(row, { hash: null, problem })

const longestPauseMs = 600_000

/** What was sent may be there by now: only a reading tells, or a request that is bound to what was known before. */
export function again(row: DueRow, firstMs: number, error: HubError | null): Settled {
  const pauseMs = Math.min(longestPauseMs, firstMs * 2 ** Math.min(row.tries, 20))
  return settled(row, { done: null, hash: null, pauseMs, problem: error === null ? null : problemOf(error) })
}

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

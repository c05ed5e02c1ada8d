import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import { loadTable } from '#records/table.ts'
import { fieldsOf } from './enqueue.ts'
import { findWrite, move, type StepChange } from './store.ts'
import type { OutboxRow, Settlement, WriteState } from './write.ts'

/**
 * What a person found out about a write whose outcome is unknown: it was written; it was not and is given up; or it is
 * to be written again, over what the CRM holds now.
 */
export function settleUnknown(
  db: Queryable,
  id: string,
  decision: 'written' | 'not_written' | 'repeat',
  by: string,
): Promise<OutboxRow> {
  return decide(db, { id, decision, by, from: 'unknown', ...settlements[decision] })
}

/** Tries a failed write again. */
export function retryWrite(db: Queryable, id: string, by: string): Promise<OutboxRow> {
  return decide(db, { id, decision: 'retry', by, from: 'failed', to: 'kept', change: afresh })
}

/**
 * Tries a failed write again, for other fields of the CRM: with the same key and id, so that it is made once. Null where it
 * is not failed any more, or a person gave it up. Throws what `enqueueWrite` throws of fields.
 */
export async function retryWith(
  db: Queryable,
  id: string,
  sourceFields: Record<string, unknown>,
): Promise<OutboxRow | null> {
  const row = await findWrite(db, id)
  if (row.state !== 'failed' || row.result?.settled?.at(-1)?.decision === 'not_written') return null
  const fields = await fieldsOf(db, await loadTable(db, row.tableId), row.operation, { sourceFields })
  return move(db, row, 'kept', { ...afresh(), fields })
}

/** Drops a write of which nothing has been sent. */
export function cancelWrite(db: Queryable, id: string, by: string): Promise<OutboxRow> {
  return decide(db, { id, decision: 'cancel', by, from: 'kept', to: 'cancelled', change: () => ({}) })
}

interface Act {
  id: string
  decision: Settlement['decision']
  by: string
  from: WriteState
  to: WriteState
  change: (row: OutboxRow) => StepChange
}

const afresh = (): StepChange => ({ base: null, answerLost: false, problem: null })

const settlements: Record<'written' | 'not_written' | 'repeat', Pick<Act, 'to' | 'change'>> = {
  written: { to: 'done', change: (row) => ({ problem: null, result: { ...row.result, proof: 'person' } }) },
  not_written: { to: 'failed', change: () => ({}) },
  repeat: { to: 'kept', change: afresh },
}

async function decide(db: Queryable, act: Act): Promise<OutboxRow> {
  const row = await findWrite(db, act.id)
  const change = act.change(row)
  const settled = [...(row.result?.settled ?? []), { decision: act.decision, by: act.by, at: new Date().toISOString() }]
  const result = { ...row.result, ...change.result, settled }
  const moved = row.state === act.from ? await move(db, row, act.to, { ...change, result }) : null
  if (moved) return moved
  const { state } = await findWrite(db, act.id)
  throw new HubError('write.conflict', `The write is '${state}'; this can be done only while it is '${act.from}'`)
}

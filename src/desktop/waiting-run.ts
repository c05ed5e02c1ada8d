import type { Pool, Queryable, Transaction } from '#database/pool.ts'
import type { MemorializeProblem } from './store.ts'

/** A workflow that waits for a record which the CRM has yet to make. */
export interface WaitingRun {
  interactionId: string
  partId: string
  key: string
  requestedBy: string
  personId: string | null
  /** Why it did not run after all; null: it waits. */
  problem: MemorializeProblem | null
}

export async function keepWaiting(tx: Transaction, run: Omit<WaitingRun, 'problem'>): Promise<void> {
  const { interactionId, partId, key, requestedBy, personId } = run
  await tx.query({
    name: 'waiting-run-keep',
    text: `insert into jackfield.waiting_run (interaction_id, part_id, run_key, requested_by, person_id)
      values ($1, $2, $3, $4, $5) on conflict do nothing`,
    values: [interactionId, partId, key, requestedBy, personId],
  })
}

export async function waitingRunsOf(db: Queryable, id: string): Promise<WaitingRun[]> {
  const { rows } = await db.query<WaitingRun>({
    name: 'waiting-runs-of',
    text: `select interaction_id as "interactionId", part_id as "partId", run_key as key, requested_by as "requestedBy",
        person_id as "personId", problem from jackfield.waiting_run where interaction_id = $1 order by part_id, run_key`,
    values: [id],
  })
  return rows
}

// While the write that makes a record is under way, or its end is not told yet, there is nothing to point at.
const READY = {
  name: 'waiting-runs-ready',
  text: `select distinct w.interaction_id as id from jackfield.waiting_run w
    where w.problem is null and w.look_at <= clock_timestamp() and not exists (
      select from jackfield.interaction_link k join jackfield.outbox o on o.id = k.write_id
        where k.interaction_id = w.interaction_id and k.linked and o.state in ('kept', 'sending', 'sent', 'done'))
    limit 40`,
}

/** Interactions whose records are made, or will not be, so that what waited for them is decided. */
export async function readyInteractions(pool: Pool): Promise<string[]> {
  return (await pool.query<{ id: string }>(READY)).rows.map(({ id }) => id)
}

/** It ran; with it what was told of earlier tries of the same workflow is past. */
export async function endWaiting(tx: Transaction, { interactionId, partId }: WaitingRun): Promise<void> {
  await tx.query({
    name: 'waiting-run-end',
    text: 'delete from jackfield.waiting_run where interaction_id = $1 and part_id = $2',
    values: [interactionId, partId],
  })
}

export async function refuseWaiting(
  tx: Transaction,
  { interactionId, partId, key }: WaitingRun,
  problem: MemorializeProblem,
): Promise<void> {
  await tx.query({
    name: 'waiting-run-refuse',
    text: 'update jackfield.waiting_run set problem = $4 where interaction_id = $1 and part_id = $2 and run_key = $3',
    values: [interactionId, partId, key, JSON.stringify(problem)],
  })
}

export async function waitLonger(pool: Pool, interactionId: string): Promise<void> {
  await pool.query({
    name: 'waiting-run-longer',
    text: `update jackfield.waiting_run set look_at = clock_timestamp() + interval '30 seconds' where interaction_id = $1`,
    values: [interactionId],
  })
}

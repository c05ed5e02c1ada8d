import { type Outcome, theHub } from '#audit/act.ts'
import type { Acts } from '#audit/append.ts'
import type { CrmSession } from '#connectors/call.ts'
import type { Connector } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import type { Log } from '#core/log.ts'
import { inTransaction, type Pool, type Transaction } from '#database/pool.ts'
import { type Lease, proveLease } from '#jobs/lease.ts'
import type { StoreTarget } from '#records/read-rows.ts'
import type { SyncedTable } from '#records/table.ts'
import { type Channel, lookFirst, sendWindowMs } from './channel.ts'
import { concernsAll } from './decide.ts'
import { pauseMs, problemOf } from './pause.ts'
import { move, type StepChange } from './store.ts'
import type { OutboxRow, WriteState } from './write.ts'

/** What delivering one write needs. */
export interface Delivery {
  pool: Pool
  lease: Lease
  connector: Connector
  channel: Channel
  session: CrmSession
  /** By which the write goes out; a person's own may be gone by then. All is read by the hub's. */
  writer: () => Promise<CrmSession>
  table: SyncedTable
  target: StoreTarget
  acts: Acts
  clock: Clock
  log: Log
  /** Jitter in [0, 1). */
  random: () => number
  /** After so long a request that was sent can no longer commit. */
  longestTransactionMs: number
  firstPauseMs: number
}

/** `look only`: a repeat has just been answered, so the record is looked at and nothing is sent. */
export type Then = 'advance' | 'send' | 'look only'

/** Where a step leads: on with the write, or a pause. Null: someone else moved the write meanwhile. */
export type Next = Onward | { row: OutboxRow; wait: Wait } | null

export interface Onward {
  row: OutboxRow
  then: Then
  /** What the record held in the version that the request is bound to, where it was read just now. */
  before?: Held
}

/** A record's values by the CRM's field names. */
export type Held = Readonly<Record<string, unknown>>

export interface Wait {
  ms: number
  /** No other write of the connection would fare better just now. */
  concernsAll: boolean
  /** How long the CRM asked us to wait. */
  askedMs: number
}

const ends: Partial<Record<WriteState, Outcome>> = { done: 'done', failed: 'refused', unknown: 'failed' }

/** Moves a write; where that is its end, the hub's act is written with it. */
export async function moveAndTell(
  tx: Transaction,
  { acts }: Pick<Delivery, 'acts'>,
  row: OutboxRow,
  step: { to: WriteState; change: StepChange },
): Promise<OutboxRow | null> {
  const { to, change } = step
  const moved = await move(tx, row, to, change)
  const outcome = ends[to]
  if (!moved || !outcome) return moved
  const { id, connectionId, entity, operation, recordId, problem, personId } = moved
  const code = problem ? { code: problem.code } : {}
  const by = personId === null ? {} : { ownAccountOf: personId }
  await acts.append(tx, {
    ...{ actor: theHub, act: 'write.deliver', outcome },
    subject: { kind: 'record', id: recordId },
    details: { write: id, connection: connectionId, entity, operation, ...by, ...code },
  })
  return moved
}

/** One step of the write in its own transaction, proven under the lease. */
export function take(
  { pool, lease, acts }: Pick<Delivery, 'pool' | 'lease' | 'acts'>,
  row: OutboxRow,
  to: WriteState,
  change: StepChange,
): Promise<OutboxRow | null> {
  return inTransaction(pool, async (tx) => {
    const after = await moveAndTell(tx, { acts }, row, { to, change })
    await proveLease(tx, lease)
    return after
  })
}

/**
 * Commits that a request goes out: by a process that did not sleep meanwhile, since by now another one may have repeated it.
 * How long the CRM took before that, to tell what it holds, is no sleep.
 */
export async function awake<T>({ clock }: Pick<Delivery, 'clock'>, commit: () => Promise<T>): Promise<T> {
  const began = clock.monotonic()
  const committed = await commit()
  if (clock.monotonic() - began > sendWindowMs) throw lookFirst()
  return committed
}

export const on = (row: OutboxRow | null, then: Then = 'advance', before?: Held | null): Next =>
  row && { row, then, ...(before ? { before } : {}) }

export interface Waiting extends StepChange {
  to: WriteState
  error: unknown
  /** At least so long. */
  atLeastMs?: number
  /** A repeat was refused while the first request may still commit. */
  refused?: true
}

/** The write waits, longer each time, with the reason shown. */
export async function waitAs(
  delivery: Pick<Delivery, 'pool' | 'lease' | 'acts' | 'clock' | 'random' | 'firstPauseMs'>,
  row: OutboxRow,
  waiting: Waiting,
): Promise<Next> {
  const { to, error, atLeastMs = 0, refused, ...change } = waiting
  const now = delivery.clock.now()
  const problem = { ...problemOf(error, row.problem, now), ...(refused ? { refused } : {}) }
  const askedMs = Math.max(0, (retryAtOf(error) ?? 0) - now)
  const ms = Math.max(pauseMs(delivery.firstPauseMs, problem.times, delivery.random()), askedMs, atLeastMs)
  const after = await take(delivery, row, to, { ...change, problem, delayMs: ms })
  return after && { row: after, wait: { ms, concernsAll: concernsAll(error), askedMs } }
}

function retryAtOf(error: unknown): number | undefined {
  return (error as { detail?: { retryAt?: number } } | undefined)?.detail?.retryAt
}

/** The write is over, or needs a person: why is shown. */
export async function endAs(
  delivery: Delivery,
  row: OutboxRow,
  to: 'failed' | 'unknown',
  error: unknown,
): Promise<Next> {
  return on(await take(delivery, row, to, ending(delivery, row, error)))
}

export function ending({ clock, log }: Delivery, row: OutboxRow, error: unknown): StepChange {
  const problem = problemOf(error, null, clock.now())
  log.warn('a write was not made', { write: row.id, code: problem.code })
  return { problem }
}

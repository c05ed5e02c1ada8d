import type { Acts } from '#audit/append.ts'
import type { CrmSession } from '#connectors/call.ts'
import type { Connector } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import { isHubError } from '#core/errors.ts'
import type { Log } from '#core/log.ts'
import { isDatabaseUnavailable, type Pool } from '#database/pool.ts'
import type { Worker } from '#jobs/lease.ts'
import type { StoreTarget } from '#records/read-rows.ts'
import type { SyncedTable } from '#records/table.ts'
import type { Bell } from './bell.ts'

/** What the outbox is built on. */
export interface OutboxParts {
  pool: Pool
  /** Throws authentication.*, connection.* while the connection cannot be used. */
  session: (connectionId: string) => Promise<CrmSession>
  /** By the account there that a person linked; throws linked_account.* too. */
  sessionAs: (connectionId: string, personId: string) => Promise<CrmSession>
  connectorOf: (crm: string) => Connector
  /** How rows of a table are read and stored. */
  targetOf: (table: SyncedTable) => StoreTarget
  acts: Acts
  log: Log
  worker: Worker
  clock?: Clock
  /** Jitter in [0, 1). */
  random?: () => number
  timing?: Partial<OutboxTiming>
}

export interface OutboxTiming {
  /** How long a write that another process kept may lie unseen. */
  pollMs: number
  /** The longest that a write waits after its first failure; it doubles from there. */
  firstPauseMs: number
  /** After so long a request that was sent can no longer commit. */
  longestTransactionMs: number
  /** Records written at once, per connection; as many as go in one call, where that is more. */
  parallel: number
  /** How long what is ready to be asked waits for others that may share its call. */
  gatherMs: number
}

export interface Running extends Required<Omit<OutboxParts, 'timing'>> {
  timing: OutboxTiming
  /** Aborted when the worker is to stop. */
  stopping: AbortSignal
  /** Rung when something was kept, and when the worker is to stop. */
  bells: Set<Bell>
}

export function report(log: Log, error: unknown): void {
  if (isHubError(error, 'job.lease_lost')) log.info('another worker took over the outbox')
  else if (isDatabaseUnavailable(error)) log.warn('the outbox waits for the database', { error })
  else log.error('the outbox met a fault', { error })
}

import { type ErrorCode, type HubError, isHubError } from '#core/errors.ts'
import { isDatabaseUnavailable, type Transaction } from '#database/pool.ts'
import { type Lease, underLease } from '#jobs/lease.ts'
import type { SyncedTable } from '#records/table.ts'
import type { SyncContext } from './context.ts'
import {
  countExpired,
  failRun,
  forgetPages,
  type Problem,
  postponeRun,
  problemOf,
  requestRun,
  type SyncRun,
} from './run.ts'
import { forgetDelta, noteProblem } from './table-state.ts'
import { PageError } from './walk.ts'

/** A person paused or cancelled the run. */
export class RunStopped extends Error {}

// An outage ends some day: tried again by itself, ever more seldom.
const passing: readonly ErrorCode[] = [
  'crm.unreachable',
  'crm.timeout',
  'crm.dns',
  'crm.tls',
  'crm.throttled',
  'database.unavailable',
]
// A connection that needs a person's mend is not worked on until then; the run waits for it.
const waitsForMend: readonly ErrorCode[] = [
  'authentication.app_blocked',
  'authentication.client_unknown',
  'authentication.consent_missing',
  'authentication.consent_over',
  'authentication.rejected',
  'authentication.secret_expired',
  'authentication.secret_wrong',
  'authentication.tenant_unknown',
  'connection.not_ready',
  'crm.no_user',
]
const longestPauseSeconds = 300
/** A page that is wrong in itself is asked for this often before the run stops with the page and the reason. */
const triesOfAPage = 4
const failedTableSeconds = 900

/** A run that broke off, and why. */
interface Broken {
  context: SyncContext
  table: SyncedTable
  run: SyncRun
  lease: Lease
  problem: Problem
}

/**
 * What becomes of a run that broke off: every way keeps its checkpoint. All of it is done under the run's lease, so that a
 * worker that slept does nothing to a run that another goes on with.
 */
export async function handleFailure(
  context: SyncContext,
  at: { table: SyncedTable; run: SyncRun; lease: Lease },
  thrown: unknown,
): Promise<void> {
  const error = thrown instanceof PageError ? thrown.cause : thrown
  const page = thrown instanceof PageError ? thrown.number : undefined
  if (error instanceof RunStopped || isHubError(error, ...ended) || isAbort(error)) return
  const problem = problemOf(error, page)
  const { run, table } = at
  context.log.warn('sync run broke off', { run: run.id, table: table.entity, kind: run.kind, ...problem })
  if (isDatabaseUnavailable(error)) throw error
  await decide({ context, ...at, problem }, error)
}

// Another worker has the run; a person moved it on; or it is taken up again at once, under the settings as they are now.
const ended: readonly ErrorCode[] = ['job.lease_lost', 'sync.running', 'sync.settings_changed']

async function decide(broken: Broken, error: unknown): Promise<void> {
  const { context, table, run } = broken
  if (isHubError(error, ...passing)) return await postpone(broken, pauseSeconds(error, run))
  if (isHubError(error, ...waitsForMend)) {
    await context.noteFault(table.connectionId, error)
    return await postpone(broken, 30)
  }
  if (isHubError(error, 'crm.delta_expired')) return await whenExpired(broken)
  if (isHubError(error, 'crm.pages_unsound')) return await whenUnsound(broken)
  const mayTry = run.attempts + 1 < triesOfAPage
  if (isHubError(error, 'field.unknown') && mayTry) return await whenColumnGone(broken)
  if (isHubError(error, 'crm.body_invalid', 'crm.body_too_large', 'crm.refused') && mayTry) {
    return await postpone(broken, 2 ** run.attempts)
  }
  await stop(broken)
}

const isAbort = (error: unknown) =>
  error instanceof Error && (error.name === 'AbortError' || isHubError(error.cause, 'job.lease_lost'))

function pauseSeconds(error: HubError, run: SyncRun): number {
  const asked = error.detail.retryAt === undefined ? 0 : (error.detail.retryAt - Date.now()) / 1000
  return Math.max(asked, Math.min(2 ** Math.min(run.attempts, 9), longestPauseSeconds))
}

async function commit({ context, lease }: Broken, work: (tx: Transaction) => Promise<unknown>): Promise<void> {
  await underLease(context.pool, lease, work)
}

const postpone = (broken: Broken, seconds: number) =>
  commit(broken, (tx) => postponeRun(tx, broken.run.id, broken.problem, seconds))

const stop = (broken: Broken) =>
  commit(broken, async (tx) => {
    const { table, run, problem } = broken
    await failRun(tx, run.id, problem)
    // What an audit met keeps no changes waiting.
    await noteProblem(tx, table.id, problem, run.kind === 'audit' ? null : failedTableSeconds)
  })

/** Pages that cannot be trusted are read from the first on, or not at all: nothing of such a walk counts as complete. */
async function whenUnsound(broken: Broken): Promise<void> {
  const { run, problem } = broken
  const mayTry = run.attempts + 1 < triesOfAPage
  await commit(broken, async (tx) => {
    await forgetPages(tx, run.id)
    if (mayTry) await postponeRun(tx, run.id, problem, 2 ** run.attempts)
  })
  if (!mayTry) await stop(broken)
}

/**
 * The CRM forgot where the last pass ended: everything is compared again, and it is said aloud. Dataverse says the same when
 * the table's columns changed, so its description is read again.
 */
async function whenExpired(broken: Broken): Promise<void> {
  const { table, run, problem } = broken
  // A walk over the whole table has only lost its place.
  if (run.kind !== 'incremental' && run.attempts + 1 >= triesOfAPage) return await stop(broken)
  if (!(await refreshMetadata(broken))) return
  await commit(broken, async (tx) => {
    if (run.kind === 'incremental') return await compareAnew(tx, broken)
    await forgetDelta(tx, table.id, problem)
    await forgetPages(tx, run.id)
    await postponeRun(tx, run.id, problem, run.attempts)
  })
}

// The first two of a day follow at once; then the CRM's lists are of no use, and whole passes would follow each other for ever.
const wholePassesAtOnce = 2
const [shortestWholePause, longestWholePause] = [900, 6 * 3600]

async function compareAnew(tx: Transaction, { table, run, problem }: Broken): Promise<void> {
  await failRun(tx, run.id, problem)
  const times = await countExpired(tx, table.id)
  const asked = await requestRun(tx, {
    tableId: table.id,
    kind: 'full',
    cause: 'the CRM no longer lists the changes since the last pass',
  })
  const beyond = times - wholePassesAtOnce
  if (beyond <= 0 || asked.requestedBy !== null) return await forgetDelta(tx, table.id, problem)
  const pause = Math.min(shortestWholePause * 2 ** (beyond - 1), longestWholePause)
  const often: Problem = {
    ...problem,
    message: `${problem.message}, ${times} times within a day: the table is compared as a whole in ${pause / 60} minutes`,
    mend: 'Resume the waiting run to compare at once. If this goes on, ask the CRM’s administrator how long changes are listed',
  }
  await forgetDelta(tx, table.id, often)
  await postponeRun(tx, asked.id, often, pause)
}

/** A column was removed from the CRM: the run goes on without it, from its first page since the question changed. */
async function whenColumnGone(broken: Broken): Promise<void> {
  const { table, run, problem } = broken
  if (!(await refreshMetadata(broken))) return
  await commit(broken, async (tx) => {
    await forgetPages(tx, run.id)
    await forgetDelta(tx, table.id, problem)
    await postponeRun(tx, run.id, problem, 0)
  })
}

/** False when that broke off too: then its own reason counts. */
async function refreshMetadata(broken: Broken): Promise<boolean> {
  const { context, table } = broken
  try {
    await context.refreshMetadata(table.connectionId, table.entity)
    return true
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error
    const problem = problemOf(error)
    context.log.warn('the description of a table was not read', { table: table.entity, ...problem })
    if (isHubError(error, 'field.unknown', 'crm.delta_expired')) await stop({ ...broken, problem })
    else await decide({ ...broken, problem }, error)
    return false
  }
}

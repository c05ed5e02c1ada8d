import { type ErrorCode, type HubError, isHubError } from '#core/errors.ts'
import { inTransaction, isDatabaseUnavailable } from '#database/pool.ts'
import type { SyncedTable } from '#records/table.ts'
import type { SyncContext } from './context.ts'
import { failRun, forgetPages, postponeRun, problemOf, requestRun, type SyncRun } from './run.ts'
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
  'authentication.client_unknown',
  'authentication.consent_missing',
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

/** What becomes of a run that broke off: every way keeps its checkpoint. */
export async function handleFailure(
  context: SyncContext,
  table: SyncedTable,
  run: SyncRun,
  thrown: unknown,
): Promise<void> {
  const error = thrown instanceof PageError ? thrown.cause : thrown
  const page = thrown instanceof PageError ? thrown.number : undefined
  if (error instanceof RunStopped || isHubError(error, 'job.lease_lost') || isAbort(error)) return
  // Taken up again at once, under the settings as they are now.
  if (isHubError(error, 'sync.settings_changed')) return
  const problem = problemOf(error, page)
  context.log.warn('sync run broke off', { run: run.id, table: table.entity, kind: run.kind, ...problem })
  if (isDatabaseUnavailable(error)) throw error
  if (isHubError(error, ...passing)) await postponeRun(context.pool, run.id, problem, pauseSeconds(error, run))
  else if (isHubError(error, ...waitsForMend)) {
    await context.noteFault(table.connectionId, error)
    await postponeRun(context.pool, run.id, problem, 30)
  } else if (isHubError(error, 'crm.delta_expired')) await beginAgain(context, table, run, problem)
  else if (isHubError(error, 'field.unknown')) await dropColumn(context, table, run, problem)
  else if (
    isHubError(error, 'crm.body_invalid', 'crm.body_too_large', 'crm.refused') &&
    run.attempts + 1 < triesOfAPage
  ) {
    await postponeRun(context.pool, run.id, problem, 2 ** run.attempts)
  } else await stop(context, table, run, problem)
}

const isAbort = (error: unknown) =>
  error instanceof Error && (error.name === 'AbortError' || isHubError(error.cause, 'job.lease_lost'))

function pauseSeconds(error: HubError, run: SyncRun): number {
  const asked = error.detail.retryAt === undefined ? 0 : (error.detail.retryAt - Date.now()) / 1000
  return Math.max(asked, Math.min(2 ** Math.min(run.attempts, 9), longestPauseSeconds))
}

async function stop(
  { pool }: SyncContext,
  table: SyncedTable,
  run: SyncRun,
  problem: ReturnType<typeof problemOf>,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await failRun(tx, run.id, problem)
    await noteProblem(tx, table.id, problem, failedTableSeconds)
  })
}

/** The CRM forgot where the last pass ended: everything is compared again, and it is said aloud. */
async function beginAgain(
  { pool }: SyncContext,
  table: SyncedTable,
  run: SyncRun,
  problem: ReturnType<typeof problemOf>,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await failRun(tx, run.id, problem)
    await forgetDelta(tx, table.id, problem)
    await requestRun(tx, {
      tableId: table.id,
      kind: 'full',
      cause: 'the CRM no longer lists the changes since the last pass',
    })
  })
}

/** A column was removed from the CRM: the run goes on without it, from its first page since the question changed. */
async function dropColumn(
  context: SyncContext,
  table: SyncedTable,
  run: SyncRun,
  problem: ReturnType<typeof problemOf>,
): Promise<void> {
  if (run.attempts + 1 >= triesOfAPage) return stop(context, table, run, problem)
  await context.refreshMetadata(table.connectionId, table.entity)
  await forgetPages(context.pool, run.id)
  await forgetDelta(context.pool, table.id, problem)
  await postponeRun(context.pool, run.id, problem, 0)
}

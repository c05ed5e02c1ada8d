import { HubError, isHubError } from '#core/errors.ts'
import { isDatabaseUnavailable } from '#database/pool.ts'
import { type Lease, withLease } from '#jobs/lease.ts'
import { type Bell, createBell } from '#outbox/bell.ts'
import { concernsAll } from '#outbox/decide.ts'
import { readFeed } from '#records/feed.ts'
import { createTableCache, type TableCache } from '#records/table-cache.ts'
import type { Destination } from './destination.ts'
import { compareRows } from './figure.ts'
import { fillSome, prepareFill } from './fill.ts'
import { followFeed } from './follow.ts'
import { listSourcedRows } from './list-rows.ts'
import { askAwaiting } from './rows.ts'
import { clearProblem, findDestination, hasWork, listDestinations, noteProblem } from './store.ts'
import { type DestinationParts, type DestinationTiming, openTarget } from './target.ts'
import { writeDue } from './write-rows.ts'

/** Keeps all active destinations as the hub's records are; per destination one worker at a time, by lease. */
export interface DestinationWorker {
  start(): void
  /** Lets the requests under way end; what they leave open is taken up by the next worker. */
  stop(): Promise<void>
  wake(): void
}

// Dataverse gives a transaction up after two minutes.
const usual: DestinationTiming = {
  ...{ pollMs: 500, againMs: 5_000, commitMs: 150_000 },
  ...{ figureEveryMs: 24 * 3_600_000, figureAgainMs: 10 * 60_000 },
}

export function createDestinationWorker(
  parts: DestinationParts & { refreshMetadata(connectionId: string, entity: string): Promise<unknown> },
): DestinationWorker {
  const stop = new AbortController()
  const bell = createBell()
  const timing = { ...usual, ...parts.timing }
  const work: Work = { ...parts, timing, stopping: stop.signal, bell, tables: createTableCache(parts.pool) }
  let ended: Promise<void> | undefined
  return {
    start() {
      ended ??= run(work)
    },
    async stop() {
      stop.abort()
      bell.ring()
      await ended
    },
    wake: () => bell.ring(),
  }
}

interface Work extends DestinationParts {
  timing: DestinationTiming
  refreshMetadata(connectionId: string, entity: string): Promise<unknown>
  stopping: AbortSignal
  bell: Bell
  tables: TableCache
}

async function run(work: Work): Promise<void> {
  const held = new Map<string, Promise<unknown>>()
  while (!work.stopping.aborted) {
    await holdActive(work, held).catch((error: unknown) => report(work, error))
    await work.bell.sleep(work.timing.pollMs)
  }
  await Promise.all(held.values())
}

async function holdActive(work: Work, held: Map<string, Promise<unknown>>): Promise<void> {
  for (const { id, state } of await listDestinations(work.pool)) {
    if (state !== 'active' || held.has(id)) continue
    const holding = withLease(work.pool, `destination:${id}`, work.worker, (lease) => hold(work, id, lease))
      .catch((error: unknown) => report(work, error))
      .finally(() => held.delete(id))
    held.set(id, holding)
  }
}

function report({ log, stopping }: Work, error: unknown): void {
  if (stopping.aborted) return
  if (isHubError(error, 'job.lease_lost')) log.info('another worker took over the destination')
  else if (isDatabaseUnavailable(error)) log.warn('the destination waits for the database', { error })
  else log.error('the destination met a fault', { error })
}

/** What one holder of the lease remembers; a new holder begins anew. */
interface Memory {
  failures: number
  /** Rows were written since those that wait for others were last looked at. */
  wrote: boolean
  /** Rows may have been written since the last comparison. */
  written: boolean
  /** Since when a comparison that was asked for has waited for calm; by the monotonic clock. */
  calmAwaited: number | null
}

// Where changes never cease: what is not written by then is counted as waiting.
const longestForCalmMs = 30_000

async function hold(work: Work, id: string, lease: Lease): Promise<void> {
  const signal = AbortSignal.any([lease.signal, work.stopping])
  const held: Lease = { ...lease, signal }
  const memory: Memory = { failures: 0, wrote: true, written: true, calmAwaited: null }
  while (!signal.aborted) {
    const destination = await findDestination(work.pool, id)
    if (destination.state !== 'active') return
    let idle = true
    try {
      idle = !(await turn(work, destination, { lease: held, memory }))
      if (memory.failures > 0 || destination.problem) await clearProblem(work.pool, id)
      memory.failures = 0
    } catch (error) {
      if (signal.aborted || isHubError(error, 'job.lease_lost')) throw error
      await pauseAfter(work, destination, { error, memory, signal })
    }
    if (idle) await work.clock.sleep(work.timing.pollMs, signal).catch(() => undefined)
  }
}

interface Hold {
  lease: Lease
  memory: Memory
}

/** One round of everything; false when there was nothing to do. */
async function turn(work: Work, destination: Destination, { lease, memory }: Hold): Promise<boolean> {
  if (!(await isDue(work, destination, memory))) return false
  const target = await openTarget(work, destination)
  const changes = await followFeed(work, target, { tables: work.tables, lease })
  const { list } = await prepareFill(work, target, lease)
  if (list) await listSourcedRows(work, target, lease)
  const filled = await fillSome(work, target, lease)
  const written = await writeDue(work, target, lease)
  if (written > 0) {
    memory.wrote = true
    memory.written = true
  }
  if ((changes + written > 0 || filled || list) && maySettle(work, destination, memory)) return true
  if (memory.wrote) {
    memory.wrote = false
    if ((await askAwaiting(work.pool, destination.id)) > 0) return true
  }
  return await compareWhenDue(work, destination, { target, lease, memory })
}

/** Whether the comparison may go on waiting until nothing is left to be written. */
function maySettle({ clock }: Work, { figureAskedAt, figure }: Destination, memory: Memory): boolean {
  // The first one waits until all is written.
  if (figureAskedAt === null || figure === null) {
    memory.calmAwaited = null
    return true
  }
  memory.calmAwaited ??= clock.monotonic()
  if (clock.monotonic() - memory.calmAwaited < longestForCalmMs) return true
  memory.calmAwaited = null
  return false
}

async function isDue(work: Work, destination: Destination, memory: Memory): Promise<boolean> {
  if (memory.wrote || isOld(work, destination, memory) || (await hasWork(work.pool, destination.id))) return true
  const { cursor } = destination
  if (cursor === null) return true
  // A cursor that is gone is work too: everything is looked at again.
  return await readFeed(work.pool, work.tables, { cursor, limit: 1 }).then(
    (changes) => changes.length > 0,
    (error: unknown) => (isHubError(error, 'feed.cursor_gone') ? true : Promise.reject(error)),
  )
}

/** A comparison of no records tells nothing of those written since; one that found some on their way or amiss, soon nothing. */
function isOld({ clock, timing }: Work, { figure }: Destination, { written }: Memory): boolean {
  if (figure === null) return true
  const age = clock.now() - Date.parse(figure.at)
  const whole = figure.held + figure.parked === figure.records
  return age > timing.figureEveryMs || (written && (figure.records === 0 || (!whole && age > timing.figureAgainMs)))
}

async function compareWhenDue(
  work: Work,
  destination: Destination,
  { target, lease, memory }: Hold & { target: Awaited<ReturnType<typeof openTarget>> },
): Promise<boolean> {
  const { figureAskedAt, figureRepairs } = destination
  if (figureAskedAt === null && !isOld(work, destination, memory)) return false
  memory.calmAwaited = null
  // By the clock it mends; a person says whether to.
  await compareRows(work, target, { repair: figureAskedAt === null || figureRepairs, lease })
  // Not before: a comparison that breaks off is still due.
  memory.written = false
  return true
}

const longestPauseMs = 60_000

/** Doubling from a tenth of a row's own pause, with jitter. */
const pauseMs = (againMs: number, failures: number) =>
  Math.min(longestPauseMs, (againMs / 10) * 2 ** Math.min(failures - 1, 20)) * (0.5 + Math.random() / 2)

async function pauseAfter(
  work: Work,
  destination: Destination,
  { error, memory, signal }: { error: unknown; memory: Memory; signal: AbortSignal },
): Promise<void> {
  memory.failures += 1
  const { pool, clock } = work
  const known = error instanceof HubError ? error : new HubError('internal', 'The destination met a fault of the hub')
  if (known !== error) report(work, error)
  if (isHubError(error, 'field.unknown')) {
    for (const entity of destination.entities)
      await work.refreshMetadata(destination.connectionId, entity).catch(() => 0)
  }
  if (concernsAll(error)) await work.noteFault(destination.connectionId, error)
  const ms = Math.max((known.detail.retryAt ?? 0) - clock.now(), pauseMs(work.timing.againMs, memory.failures))
  const retryAt = new Date(clock.now() + ms).toISOString()
  const { code, message } = known
  work.log.warn('the destination pauses', { destination: destination.id, code, message, retryAt })
  await noteProblem(pool, destination.id, { code, message, mend: known.detail.mend ?? null, retryAt }).catch(
    () => undefined,
  )
  await clock.sleep(ms, signal).catch(() => undefined)
}

import { setTimeout as wait } from 'node:timers/promises'
import { isHubError } from '#core/errors.ts'
import { isDatabaseUnavailable, type Pool } from '#database/pool.ts'
import { heldLeases, type Lease, underLease, withLease } from '#jobs/lease.ts'
import { loadTable, type SyncedTable } from '#records/table.ts'
import { auditTable } from './audit.ts'
import { openTable, type SyncContext } from './context.ts'
import { handleFailure, RunStopped } from './failure.ts'
import { type Looks, lookForGone } from './gone.ts'
import { settleConnection } from './hints.ts'
import { readChanges } from './incremental-sync.ts'
import { copyTable, requestWholePass } from './initial-sync.ts'
import { createLeftWalks, leaveWalks } from './leave-walks.ts'
import { createRest, type Rest } from './rest.ts'
import { findRun, layAside, nextRun, requestRun, resumeRun, type SyncRun, startRun } from './run.ts'
import { listRuns } from './run-list.ts'
import { isTimeRelative } from './table-filter.ts'
import { type Completeness, dueTables, isPassDue } from './table-state.ts'

export interface SyncWorker {
  start(): void
  /** Finishes what is being stored, then gives its leases up. */
  stop(): Promise<void>
  /** Something may be due now: a hint came in, a run was asked for. */
  wake(): void
}

const watchRunEveryMs = 1_000
// Each table at work keeps up to four pages in memory.
const tablesAtOnce = 3
const lookEveryMs = 500
/** Each event that comes in wakes the worker. */
const lookAtMostEveryMs = 50
const hintsEveryMs = 100
/** While events flood in: they are kept first, and what is read later is read once for many of them. */
const hintsInFloodEveryMs = 5_000
/** A connection without hints gives its lease up after this, so that another worker may have it. */
const idleHintsMs = 5_000

/** Works on whatever is due, any number of processes side by side: a lease per table and per connection's hints. */
export function createSyncWorker(context: SyncContext): SyncWorker {
  const stopped = new AbortController()
  const active = new Map<string, Promise<void>>()
  /** By connection; kept while its lease comes and goes. */
  const rests = new Map<string, Rest>()
  const waker = createWaker()
  let loop: Promise<void> | undefined
  const looks: Looks = new Map()
  const left = createLeftWalks(context)
  /** A table that is due found no room. */
  let isFull = false

  const begin = (name: string, work: (lease: Lease) => Promise<void>) => {
    if (active.has(name)) return
    const done = withLease(context.pool, name, context.worker, (lease) => work(endingWith(lease, stopped.signal)))
      .then(
        () => undefined,
        (error: unknown) => noteError(context, name, error),
      )
      .finally(() => {
        active.delete(name)
        if (isFull) waker.wake()
      })
    active.set(name, done)
  }

  const look = async () => {
    const due = await dueTables(context.pool)
    // Those that another process works on must not stand in the way of the others.
    const held = due.length === 0 ? new Set() : await heldLeases(context.pool, 'sync:')
    isFull = false
    for (const name of due.map(({ id }) => `sync:${id}`).filter((candidate) => !held.has(candidate))) {
      isFull = [...active.keys()].filter((other) => other.startsWith('sync:')).length >= tablesAtOnce
      if (isFull) break
      begin(name, (lease) => workTable(context, Number(name.slice('sync:'.length)), { lease, looks }))
    }
    for (const connectionId of await connectionsWithHints(context)) {
      const rest = rests.get(connectionId) ?? createRest(context.clock)
      rests.set(connectionId, rest)
      begin(`hints:${connectionId}`, (lease) => workHints(context, connectionId, lease, rest))
    }
    const walks = await left()
    if (walks.length > 0) begin('walks', () => leaveWalks(context, walks))
  }

  const run = async () => {
    while (!stopped.signal.aborted) {
      await look().catch((error: unknown) => noteError(context, 'look', error))
      await wait(context.flooded?.() ? lookEveryMs : lookAtMostEveryMs)
      await waker.pause(lookEveryMs - lookAtMostEveryMs)
    }
  }

  return {
    start: () => {
      loop ??= run()
    },
    stop: async () => {
      stopped.abort()
      waker.wake()
      await loop
      await Promise.all(active.values())
    },
    wake: waker.wake,
  }
}

/** Ends a pause before its time; a wake while nobody pauses is remembered. */
function createWaker() {
  let woken: () => void = () => undefined
  let isWoken = false
  return {
    wake() {
      isWoken = true
      woken()
    },
    async pause(ms: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, isWoken ? 0 : ms)
      woken = resolve
      await promise
      clearTimeout(timer)
      isWoken = false
    },
  }
}

const endingWith = (lease: Lease, signal: AbortSignal): Lease => ({
  ...lease,
  signal: AbortSignal.any([lease.signal, signal]),
})

async function noteError(context: SyncContext, what: string, error: unknown): Promise<void> {
  context.log.warn('sync worker', { what, error: error instanceof Error ? error.message : String(error) })
  if (isDatabaseUnavailable(error)) await wait(1_000)
}

async function connectionsWithHints({ pool }: SyncContext): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'connections-with-hints',
    text: `select c.id from jackfield.connection c where c.state = 'active'
      and exists (select from jackfield.hint h where h.connection_id = c.id)`,
  })
  return rows.map(({ id }) => id)
}

/** Settles hints as they come, until none came for a while. */
async function workHints(context: SyncContext, connectionId: string, lease: Lease, rest: Rest): Promise<void> {
  let lastAt = performance.now()
  while (!lease.signal.aborted && performance.now() - lastAt < idleHintsMs) {
    if (await settleConnection(context, connectionId, lease, rest)) lastAt = performance.now()
    else await wait(hintsEveryMs)
    for (const until = performance.now() + hintsInFloodEveryMs; context.flooded?.() && performance.now() < until; ) {
      lease.signal.throwIfAborted()
      await wait(hintsEveryMs)
    }
  }
}

/** One table: every run that is due, one after the other. */
async function workTable(
  context: SyncContext,
  tableId: number,
  { lease, looks }: { lease: Lease; looks: Looks },
): Promise<void> {
  while (!lease.signal.aborted) {
    const table = await loadTable(context.pool, tableId)
    // Its run waits for it, and would be begun and laid aside without end.
    if (!table.enabled) return
    const run = (await nextRun(context.pool, tableId)) ?? (await scheduledRun(context, table))
    if (!run) return
    try {
      const started = await underLease(context.pool, lease, (tx) => startRun(tx, run.id))
      const fresh = await lookForGone(context, looks, { table, run })
      await perform(context, fresh, started, lease)
    } catch (error) {
      await handleFailure(context, { table, run, lease }, error)
      if (isHubError(error, 'job.lease_lost')) return
    }
  }
}

/** What the schedule asks for now, if anything. */
async function scheduledRun(context: SyncContext, table: SyncedTable): Promise<SyncRun | null> {
  const { pool } = context
  if (!(await isPassDue(pool, table.id))) return null
  if (table.firstPassAt === null) await beginFirstCopy(pool, table.id)
  else if (table.readSince === null && table.deltaLink === null) await requestWholePass(pool, table.id)
  else {
    const auditDue = await isAuditDue(context, table)
    await requestRun(pool, { tableId: table.id, ...(auditDue ? wholeOrChanges(table) : changes) })
    // After the pass, so that what only was on its way is no difference.
    if (auditDue)
      await requestRun(pool, { tableId: table.id, kind: 'audit', cause: 'schedule', options: { repair: true } })
  }
  return nextRun(pool, table.id)
}

const changes = { kind: 'incremental', cause: 'schedule' } as const

/**
 * Before the daily audit: where the hub itself filters, and the filter moves with time, a list of changes says nothing of
 * the rows that came in or went out by waiting.
 */
function wholeOrChanges(table: SyncedTable) {
  const moves = table.deltaLink !== null && isTimeRelative(table.filter)
  return moves ? ({ kind: 'full', cause: 'the filter moves with time' } as const) : changes
}

/** A first copy that stopped goes on from its checkpoint. */
async function beginFirstCopy(pool: Pool, tableId: number): Promise<void> {
  const [failed] = await listRuns(pool, { tableIds: [tableId], kind: 'initial', state: 'failed', limit: 1 })
  if (failed) await resumeRun(pool, failed.id)
  else await requestRun(pool, { tableId, kind: 'initial', cause: 'first copy' })
}

const auditEveryMs = { tracked: 24 * 3_600_000, untracked: 3_600_000 }

/** One that failed or was cancelled is tried again after so long; one that waits for a person, as seldom as any. */
const auditAgainMs = 3_600_000

async function isAuditDue({ pool, clock, connectorOf }: SyncContext, table: SyncedTable): Promise<boolean> {
  const { at } = (table.completeness as Completeness | null) ?? {}
  const listed = table.deltaLink !== null || connectorOf(table.crm).manifest.listsDeleted === true
  const every = listed ? auditEveryMs.tracked : auditEveryMs.untracked
  if (at !== undefined && clock.now() - Date.parse(at) <= every) return false
  const [last] = await listRuns(pool, { tableIds: [table.id], kind: 'audit', limit: 1 })
  if (!last?.finishedAt || last.state === 'done') return true
  const pause = last.problem?.code === 'sync.sweep_needs_person' ? every : auditAgainMs
  return clock.now() - last.finishedAt.getTime() > pause
}

async function perform(context: SyncContext, table: SyncedTable, run: SyncRun, lease: Lease): Promise<void> {
  const work = await openTable(context, table)
  const mayGoOn = () => refuseWhenStopped(context, run)
  // Between pages it is asked anyway; what the CRM owes an answer to may last minutes.
  const ended = new AbortController()
  const watching = setInterval(() => {
    mayGoOn().catch((error: unknown) => error instanceof RunStopped && ended.abort())
  }, watchRunEveryMs)
  const control = { lease: endingWith(lease, ended.signal), mayGoOn }
  try {
    if (run.kind === 'audit') await auditTable(context, work, run, control)
    else if (run.kind === 'incremental') await readChanges(context, work, run, control)
    else await copyTable(context, work, run, control)
  } finally {
    clearInterval(watching)
  }
}

async function refuseWhenStopped({ pool }: SyncContext, run: SyncRun): Promise<void> {
  const { enabled } = await loadTable(pool, run.tableId)
  if (!enabled) await layAside(pool, run.id)
  const { state } = await findRun(pool, run.id)
  if (state !== 'running') throw new RunStopped(`The run is ${state}`)
}

import { createSealer, type Turn } from '#audit/seal.ts'
import type { CallCount } from '#connections/gate.ts'
import { connectorOf } from '#connectors/registry.ts'
import { systemClock } from '#core/clock.ts'
import type { Log } from '#core/log.ts'
import { waitAtMost } from '#core/time-limit.ts'
import { createPool, type Pool } from '#database/pool.ts'
import { purgeInteractions } from '#desktop/past-interactions.ts'
import { createDesktopWorker } from '#desktop/worker.ts'
import { createDestinationWorker } from '#destination/worker.ts'
import { underLease, type Worker, withLease } from '#jobs/lease.ts'
import { createOutboxWorker } from '#outbox/worker.ts'
import { askedColumns } from '#records/gone-columns.ts'
import { createLookUp } from '#records/lookup.ts'
import { createUnwrittenLookUps } from '#records/lookup-unwritten.ts'
import { ownRows } from '#records/projection.ts'
import { type StoreTarget, storeTarget } from '#records/read-rows.ts'
import type { SyncedTable } from '#records/table.ts'
import { createTableCache } from '#records/table-cache.ts'
import { createFlood } from '#sync/flood.ts'
import { createListeners } from '#sync/listen.ts'
import { passes } from '#sync/table-filter.ts'
import { createUpkeep } from '#sync/upkeep.ts'
import { createSyncWorker } from '#sync/worker.ts'
import { openCrmAccess, recordUrl } from './crm-access.ts'
import type { Settings } from './env.ts'
import { createGiveWay } from './give-way.ts'

/** All that goes on without anybody at a door: sync, outbox, upkeep. */
export interface Work {
  /** A run or a write may be due: no need to wait for the next look. */
  wake(): void
  /** So many events were kept at this process' doors. */
  eventsKept(count: number): void
  /** A caller is looked up at this process' doors. */
  giveWay(): void
  /** Where this process' doors are open. */
  useOwnUrl(url: string): void
  /** Calls made to CRMs. */
  vendorCalls(): CallCount[]
  /** Lets end what is under way; what does not end is cut, and taken up by the next worker. */
  stop(): Promise<void>
}

const poolSize = 16
const statementMs = 60_000
const stopWithinMs = 5_000

/** Begins at once. `databaseUrl` is the one of the settings, or the embedded server's. */
export async function startWork(settings: Settings, databaseUrl: string, log: Log): Promise<Work> {
  const pool = createPool({ url: databaseUrl, name: 'work', max: poolSize, statementMs })
  const stack = new AsyncDisposableStack()
  stack.defer(() => waitAtMost(stopWithinMs, pool.end()))
  try {
    const work = await beginWork({ settings, log, pool }, stack)
    return { ...work, stop: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

interface Parts {
  settings: Settings
  log: Log
  pool: Pool
}

async function beginWork({ settings, log, pool }: Parts, stack: AsyncDisposableStack): Promise<Omit<Work, 'stop'>> {
  const { connections, door, worker, acts } = await openCrmAccess(settings, log, pool)
  const { session, sessionAs, refreshMetadata, noteFault } = connections
  const clock = systemClock
  const flood = createFlood(clock)
  const flooded = () => flood.lasts
  const way = createGiveWay()
  const givesWay = () => way.lasts
  const context = { pool, session, connectorOf, refreshMetadata, noteFault, flooded, givesWay, clock, log, worker }
  const sync = createSyncWorker(context)
  const listeners = createListeners(context, () => sync.wake())
  const outbox = createOutboxWorker({ pool, session, sessionAs, connectorOf, targetOf, acts, log, worker })
  let ownUrl: string | undefined
  const pushUrl = (crmUrl: string) => settings.publicUrl ?? (isOnThisMachine(crmUrl) ? ownUrl : undefined)
  const { keepWritesDays, keepActsDays, keepInteractionsDays } = settings
  const purgeOthers = { interactions: () => purgeInteractions(pool, keepInteractionsDays) }
  const keep = { keepWritesDays, keepActsDays, purgeOthers }
  const upkeep = createUpkeep({ pool, connections, acts, pushUrl, ...keep, log, worker })
  const sealer = createSealer({ pool, keys: acts.keys, lead: leadership(pool, worker), log })
  const destinations = createDestinationWorker(context)
  const finder = { tables: createTableCache(pool), recordUrl }
  const lookUp = createLookUp({ pool, finder, acts, unwritten: createUnwrittenLookUps({ clock, log }) })
  const kept = () => outbox.wake()
  const desktop = createDesktopWorker({ pool, finder, lookUp, clock, log, kept, changed: () => undefined })
  const workers = [sync, listeners, outbox, upkeep, destinations, desktop, sealer]
  stack.defer(async () => {
    const stopping = Promise.all(workers.map((one) => one.stop()))
    await waitAtMost(stopWithinMs, stopping)
    // A CRM that does not answer holds nothing up: what it was asked is asked again by the next worker.
    await door.close()
    await waitAtMost(stopWithinMs, stopping)
  })
  for (const one of workers) one.start()
  return {
    wake() {
      sync.wake()
      outbox.wake()
      destinations.wake()
      desktop.wake()
    },
    eventsKept(count) {
      flood.add(count)
      sync.wake()
    },
    giveWay: way.ask,
    useOwnUrl(url) {
      ownUrl = url
    },
    vendorCalls: connections.vendorCalls,
  }
}

/** One process seals the audit log at a time. */
const leadership = (pool: Pool, worker: Worker) => (work: (turn: Turn) => Promise<void>) =>
  withLease(pool, 'audit-log', worker, (lease) =>
    work({ signal: lease.signal, commit: (within) => underLease(pool, lease, within) }),
  )

/** A CRM on this very machine, such as a simulator, reaches the hub where it listens; any other needs to be told where. */
function isOnThisMachine(url: string): boolean {
  return /^(127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname)
}

/** How rows of a table are read and stored, for writes that are read back. */
function targetOf(table: SyncedTable): StoreTarget {
  const connector = connectorOf(table.crm)
  const filter = ownRows(table)
  const scope = { table: table.source, columns: askedColumns(table), filter }
  return storeTarget(table, {
    read: (raw) => connector.readRow(scope, raw),
    readId: (raw) => connector.readId(scope, raw),
    inScope: (values) => passes(filter, values, systemClock.now()),
  })
}

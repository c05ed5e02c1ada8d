import { hash, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { createConnections } from '#connections/connections.ts'
import { keyCheckStore, sealedRowsExist } from '#connections/key-check.ts'
import { connectorOf, connectors } from '#connectors/registry.ts'
import { systemClock } from '#core/clock.ts'
import { createDoor } from '#core/http.ts'
import type { Log } from '#core/log.ts'
import { refuseUnfitServer, refuseUnsafeDurability } from '#database/durability.ts'
import { migrate } from '#database/migrate.ts'
import { nameOutOfReach, openDatabase } from '#database/open-database.ts'
import { createPool, type Pool } from '#database/pool.ts'
import type { Worker } from '#jobs/lease.ts'
import { createOutboxWorker } from '#outbox/worker.ts'
import { createCredentialCheck } from '#people/credential-check.ts'
import { scopes } from '#people/scope.ts'
import { createSignInToken } from '#people/session.ts'
import { createCountCache } from '#records/count.ts'
import { type StoreTarget, storeTarget } from '#records/read-rows.ts'
import type { SyncedTable } from '#records/table.ts'
import { createTableCache } from '#records/table-cache.ts'
import { loadMasterKey } from '#secrets/master-key.ts'
import { createDoorCounts } from '#server/door-counts.ts'
import type { Hub, Role } from '#server/hub.ts'
import { findHookTarget } from '#server/inbound/hook-target.ts'
import { createServer, type Server } from '#server/server.ts'
import { type Answer, callWithin, type WithinOptions } from '#server/within.ts'
import { createInbox } from '#sync/inbox.ts'
import { replayParked } from '#sync/replay.ts'
import { passes } from '#sync/table-filter.ts'
import { createUpkeep } from '#sync/upkeep.ts'
import { createSyncWorker } from '#sync/worker.ts'
import type { Settings } from './env.ts'

export interface OpenOptions {
  settings: Settings
  log: Log
  role: Role
  /** Refuse where another hub holds the data folder, instead of using that hub's database. */
  alone: boolean
}

export interface DatabaseFacts {
  version: string
  durability: Readonly<Record<string, string>>
  /** The machine's clock less the database's, in milliseconds. */
  skewMs: number
}

/** A hub that is built but not at work: no port is open, and nothing is asked of a CRM. */
export interface OpenHub {
  hub: Hub
  server: Server
  /** True where the embedded database was found running under another hub: its workers do the work. */
  beside: boolean
  /** Calls the API from within, as whoever sits at the machine. */
  call(asked: { method: string; path: string } & WithinOptions): Promise<Answer>
  databaseVersion: string
  database(): Promise<DatabaseFacts>
  /** Opens the doors; answers where. */
  listen(at: { host: string; port: number }): Promise<string>
  signInLink(origin: string): Promise<string>
  startWork(): void
  close(): Promise<void>
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/** Connections of one process, by what they are for: a full queue of one kind leaves the others their own. */
const poolSizes = { work: 16, doors: 8, lookup: 4, inbox: 2 } as const

/** Its end comes from the database itself, as long as that answers at all. */
const answerAfterStatementMs = 1_000

/** What is under way may take so long to end, at each of its two doors, before it is cut. */
const stopWithinMs = 5_000

/** Builds each part and joins them: the only wiring. Throws when the hub must not start. */
export async function openHub(options: OpenOptions): Promise<OpenHub> {
  const { settings, log, alone } = options
  const { databaseUrl, dataFolder } = settings
  const database = await openDatabase({ url: databaseUrl, dataFolder, alone, log: (line) => log.info(line) })
  const stack = new AsyncDisposableStack()
  stack.defer(() => database.stop())
  try {
    const pools = openPools(database.url, stack)
    const databaseVersion = await refuseUnfitServer(pools.work)
    const durability = { ...(await refuseUnsafeDurability(pools.work)) }
    const applied = await migrate(pools.work)
    if (applied.length > 0) log.info('schema brought up to date', { applied })
    const parts = await buildParts(options, pools, stack)
    const operator = newOperator()
    const hub: Hub = { ...parts.hub, operator: operator.trusted }
    const server = await createServer(hub)
    stack.defer(() => closeServer(server))
    let closing: Promise<void> | undefined
    return {
      hub,
      server,
      beside: database.beside,
      call: (asked) => callWithin(server.app, operator.key, asked),
      databaseVersion,
      database: async () => ({ version: databaseVersion, durability, skewMs: await clockSkew(pools.doors) }),
      listen: async (at) => {
        const url = await server.listen(at)
        // A process that only works has no door to push to.
        if (options.role !== 'work') parts.useOwnUrl(url)
        await database.announce(url)
        return url
      },
      signInLink: async (origin) => `${hub.publicUrl ?? origin}/sign-in#${await createSignInToken(pools.doors)}`,
      startWork: parts.startWork,
      close: () => {
        closing ??= stack.disposeAsync()
        return closing
      },
    }
  } catch (error) {
    await stack.disposeAsync()
    throw nameOutOfReach(error, database.url)
  }
}

async function clockSkew(db: Pool): Promise<number> {
  const asked = Date.now()
  const { rows } = await db.query<{ now: Date }>('select clock_timestamp() as now')
  // The database looked at its clock somewhere between question and answer.
  return Math.round((asked + Date.now()) / 2 - rows[0]!.now.getTime())
}

type Pools = Record<keyof typeof poolSizes, Pool>

function openPools(url: string, stack: AsyncDisposableStack): Pools {
  const open = (name: keyof typeof poolSizes, statementMs: number) => {
    // Workers have time; at the doors somebody waits, who is better told to come back.
    const waits = name === 'work' ? {} : { answerMs: statementMs + answerAfterStatementMs }
    const genericPlans = name === 'lookup'
    const pool = createPool({ url, name, max: poolSizes[name], statementMs, ...waits, genericPlans })
    stack.defer(() => within(stopWithinMs, pool.end()))
    return pool
  }
  return {
    work: open('work', 60_000),
    doors: open('doors', 15_000),
    lookup: open('lookup', 5_000),
    inbox: open('inbox', 10_000),
  }
}

interface Parts {
  hub: Omit<Hub, 'operator'>
  useOwnUrl(url: string): void
  startWork(): void
}

async function buildParts(options: OpenOptions, pools: Pools, stack: AsyncDisposableStack): Promise<Parts> {
  const { settings, log, role } = options
  const clock = systemClock
  const { connections, workers, wakeWorkers, inbox, useOwnUrl } = await buildWorkers(options, pools, stack)
  stack.defer(() => within(stopWithinMs, inbox.drain()))
  const doorCounts = createDoorCounts(pools.doors, log)
  stack.defer(() => within(stopWithinMs, doorCounts.stop()))
  const hub: Omit<Hub, 'operator'> = {
    ...{ version, role, clock, log, connections, connectors, doorCounts, wakeWorkers },
    publicUrl: settings.publicUrl,
    startedAt: new Date(clock.now()),
    pool: pools.doors,
    lookupPool: pools.lookup,
    credentials: createCredentialCheck({ pool: pools.doors, clock, log }),
    counts: createCountCache(pools.doors, clock),
    finder: { tables: createTableCache(pools.doors), recordUrl },
    replayParked: (which) => replayParked(pools.doors, which, wakeWorkers),
    findHookTarget: (id) => findHookTarget({ db: pools.doors, connections, connectorOf }, id),
    keepHint: (hint) => inbox.keep(hint),
  }
  const startWork = () => {
    for (const one of workers) one.start()
  }
  return { hub, useOwnUrl, startWork }
}

async function buildWorkers({ settings, log }: OpenOptions, pools: Pools, stack: AsyncDisposableStack) {
  const { work: pool, doors } = pools
  const worker: Worker = { id: randomUUID(), label: `${hostname()}:${process.pid}` }
  const keyring = await loadMasterKey({
    dataFolder: settings.dataFolder,
    given: settings.masterKey,
    sealedRowsExist: () => sealedRowsExist(pool),
    keyCheck: keyCheckStore(pool),
  })
  const { allowHosts, proxy } = settings
  const door = createDoor({ allowHosts, log, ...(proxy ? { proxy } : {}) })
  const clock = systemClock
  const parts = { door, keyring, connectorOf, clock, log, worker }
  const connections = createConnections({ pool, ...parts })
  const { session, refreshMetadata, noteFault } = connections
  // What doors only read waits for no place among the workers'.
  const { find, list, findAuthentication, listAuthentications, webhookSecret } = createConnections({
    pool: doors,
    ...parts,
  })
  const read = { find, list, findAuthentication, listAuthentications, webhookSecret }
  const inbox = createInbox(pools.inbox, () => sync.wake())
  const flooded = () => inbox.flooded
  const sync = createSyncWorker({ pool, session, connectorOf, refreshMetadata, noteFault, flooded, clock, log, worker })
  const outbox = createOutboxWorker({ pool, session, connectorOf, targetOf, log, worker })
  let ownUrl: string | undefined
  const pushUrl = (crmUrl: string) => settings.publicUrl ?? (isOnThisMachine(crmUrl) ? ownUrl : undefined)
  const workers = [
    sync,
    outbox,
    createUpkeep({ pool, connections, pushUrl, keepWritesDays: settings.keepWritesDays, log, worker }),
  ]
  stack.defer(async () => {
    const stopping = Promise.all(workers.map((one) => one.stop()))
    await within(stopWithinMs, stopping)
    // A CRM that does not answer holds nothing up: what it was asked is asked again by the next worker.
    await door.close()
    await within(stopWithinMs, stopping)
  })
  return {
    ...{ connections: { ...connections, ...read }, workers },
    inbox,
    wakeWorkers: () => {
      for (const one of [sync, outbox]) one.wake()
    },
    useOwnUrl: (url: string) => {
      ownUrl = url
    },
  }
}

/** A CRM on this very machine, such as a simulator, reaches the hub where it listens; any other needs to be told where. */
function isOnThisMachine(url: string): boolean {
  return /^(127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname)
}

const recordUrl = (table: SyncedTable, sourceId: string) =>
  connectorOf(table.crm).recordUrl(table.url, table.source, sourceId)

/** How rows of a table are read and stored, for writes that are read back. */
function targetOf(table: SyncedTable): StoreTarget {
  const connector = connectorOf(table.crm)
  const scope = { table: table.source, columns: table.columns, filter: table.filter }
  return storeTarget(table, {
    read: (raw) => connector.readRow(scope, raw),
    readId: (raw) => connector.readId(scope, raw),
    inScope: (values) => passes(table.filter, values, systemClock.now()),
  })
}

/** Who sits at the machine itself may do all: the data folder is theirs anyway. The key lives as long as the process. */
function newOperator() {
  const key = randomBytes(32).toString('base64url')
  const name = `operator (${process.env.USER ?? process.env.LOGNAME ?? 'cli'})`
  const principal = { kind: 'key' as const, id: 'operator', name, scopes: new Set(scopes), expiresAt: null }
  return { key, trusted: { digest: hash('sha256', key, 'buffer'), principal } }
}

async function closeServer(server: Server): Promise<void> {
  const closing = server.close()
  await within(stopWithinMs, closing)
  server.app.server.closeAllConnections()
  await within(stopWithinMs, closing)
}

/** Waits for an end, but not for ever. */
async function within(ms: number, ending: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  try {
    await Promise.race([ending, late])
  } finally {
    clearTimeout(timer)
  }
}

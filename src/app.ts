import { hash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { theOperator } from '#audit/act.ts'
import type { Acts } from '#audit/append.ts'
import { goOnAfterRestore } from '#audit/restored.ts'
import type { Connections } from '#connections/connections.ts'
import type { CallCount } from '#connections/gate.ts'
import { connectorOf, connectors } from '#connectors/registry.ts'
import { systemClock } from '#core/clock.ts'
import type { Door } from '#core/http.ts'
import { createLog, type Log, type LogOptions } from '#core/log.ts'
import { waitAtMost } from '#core/time-limit.ts'
import { refuseUnfitServer, refuseUnsafeDurability } from '#database/durability.ts'
import { migrate } from '#database/migrate.ts'
import { nameOutOfReach, openDatabase } from '#database/open-database.ts'
import { createPool, inTransaction, type Pool } from '#database/pool.ts'
import type { DesktopContext } from '#desktop/context.ts'
import { sourceSecret } from '#desktop/interaction-source.ts'
import { permissions } from '#model/permission.ts'
import { fullSight } from '#model/sight.ts'
import { createCredentialCheck } from '#people/credential-check.ts'
import { createPasswords } from '#people/password.ts'
import type { Principal } from '#people/principal.ts'
import { createSignInToken, linkPersonId } from '#people/sign-in-link.ts'
import { createClients } from '#people/sign-on-client.ts'
import { createCountCache } from '#records/count.ts'
import { createLookUp, type LookUp } from '#records/lookup.ts'
import { createUnwrittenLookUps } from '#records/lookup-unwritten.ts'
import { createTableCache } from '#records/table-cache.ts'
import type { Keyring } from '#secrets/keyring.ts'
import { createDoorCounts } from '#server/door-counts.ts'
import type { Hub, HubDesktop, Role } from '#server/hub.ts'
import { findHookTarget } from '#server/inbound/hook-target.ts'
import { createServer, type Server } from '#server/server.ts'
import { type Answer, callWithin, type WithinOptions } from '#server/within.ts'
import { findInCrm } from '#sync/find-in-crm.ts'
import { createInbox } from '#sync/inbox.ts'
import { replayParked } from '#sync/replay.ts'
import { openCrmAccess, recordUrl } from './crm-access.ts'
import type { Settings } from './env.ts'
import { createWorkThread, type WorkThread } from './work-thread.ts'

export interface OpenOptions {
  settings: Settings
  /** How the log is written, by all threads of the process. */
  logging: Required<Pick<LogOptions, 'level' | 'format' | 'write'>>
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
  /** Of the person with this e-mail address, else of the first administrator. */
  signInLink(origin: string, email?: string): Promise<string>
  startWork(): void
  close(): Promise<void>
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const togetherMs = 10

/** Connections of one process, by what they are for: a full queue of one kind leaves the others their own. */
const poolSizes = { crm: 4, doors: 8, lookup: 4, inbox: 2, audit: 2 } as const

/** Its end comes from the database itself, as long as that answers at all. */
const answerAfterStatementMs = 1_000

/** What is under way may take so long to end, at each of its two doors, before it is cut. */
const stopWithinMs = 5_000

/** Builds the doors' parts and joins them to the work's thread. Throws when the hub must not start. */
export async function openHub(options: OpenOptions): Promise<OpenHub> {
  const { settings, logging, alone } = options
  const log = createLog(logging)
  const { databaseUrl, dataFolder } = settings
  const database = await openDatabase({ url: databaseUrl, dataFolder, alone, log: (line) => log.info(line) })
  const stack = new AsyncDisposableStack()
  stack.defer(() => database.stop())
  try {
    const pools = openPools(database.url, stack)
    const databaseVersion = await refuseUnfitServer(pools.crm)
    const durability = { ...(await refuseUnsafeDurability(pools.crm)) }
    const applied = await migrate(pools.crm)
    if (applied.length > 0) log.info('schema brought up to date', { applied })
    if (await goOnAfterRestore(pools.crm)) log.info('the audit log goes on after a restore')
    const { level: logLevel, format: logFormat, write } = logging
    const workThread = createWorkThread({ settings, databaseUrl: database.url, logLevel, logFormat }, write)
    const builtHub = await buildHub(options, { log, pools, workThread, stack })
    stack.defer(() => workThread.stop())
    const operator = newOperator()
    const hub: Hub = { ...builtHub, operator: operator.trusted }
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
        if (options.role !== 'work') workThread.tell({ kind: 'own-url', url })
        await database.announce(url)
        return url
      },
      signInLink: async (origin, email) => {
        const personId = email === undefined ? null : await linkPersonId(pools.doors, email)
        const token = await inTransaction(pools.doors, async (tx) => {
          const subject = personId === null ? null : { kind: 'person', id: personId }
          await hub.audit.acts.append(tx, { actor: theOperator, act: 'person.sign_in_link', subject, outcome: 'done' })
          return createSignInToken(tx, personId)
        })
        return `${hub.publicUrl ?? origin}/sign-in#${token}`
      },
      startWork: () => workThread.start(),
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
    // A CRM's answer takes its time; at the other doors somebody waits, who is better told to come back.
    const waits = name === 'crm' ? {} : { answerMs: statementMs + answerAfterStatementMs }
    const plans = { indexPlans: name === 'lookup', quickCommits: name === 'lookup' || name === 'audit' }
    const pool = createPool({ url, name, max: poolSizes[name], statementMs, ...waits, ...plans })
    stack.defer(() => waitAtMost(stopWithinMs, pool.end()))
    return pool
  }
  return {
    crm: open('crm', 60_000),
    doors: open('doors', 15_000),
    lookup: open('lookup', 5_000),
    inbox: open('inbox', 10_000),
    audit: open('audit', 10_000),
  }
}

interface Parts {
  log: Log
  pools: Pools
  workThread: WorkThread
  stack: AsyncDisposableStack
}

async function buildHub({ settings, role }: OpenOptions, parts: Parts): Promise<Omit<Hub, 'operator'>> {
  const { log, pools, workThread, stack } = parts
  const clock = systemClock
  const { connections, door, keyring, acts } = await openConnections(settings, parts)
  const wakeWorkers = () => workThread.tell({ kind: 'wake' })
  const inbox = createInbox(pools.inbox, tellTogether(workThread))
  stack.defer(() => waitAtMost(stopWithinMs, inbox.drain()))
  const finder = { tables: createTableCache(pools.doors), recordUrl }
  const unwrittenLookUps = createUnwrittenLookUps({ clock, log })
  const find = createLookUp({ pool: pools.lookup, finder, acts, unwritten: unwrittenLookUps })
  const lookUp: LookUp = (query, asker, view) => {
    workThread.giveWay()
    return find(query, asker, view)
  }
  const doorCounts = createDoorCounts(pools.doors, log)
  stack.defer(() => waitAtMost(stopWithinMs, doorCounts.stop()))
  return {
    ...{ version, role, clock, log, connections, connectors, doorCounts, wakeWorkers },
    publicUrl: settings.publicUrl,
    settings: shownSettings(settings),
    startedAt: new Date(clock.now()),
    pool: pools.doors,
    lookUp,
    unwrittenLookUps,
    audit: { acts, pool: pools.audit, longPool: pools.crm },
    credentials: createCredentialCheck({ pool: pools.doors, clock, log, limits: settings.sessions }),
    people: { pool: pools.doors, keyring, clock, passwords: createPasswords(), limits: settings.sessions },
    clients: createClients({ door, clock, skewSeconds: settings.signOnSkewSeconds }),
    trustedProxies: settings.trustedProxies,
    counts: createCountCache(pools.doors, clock),
    finder,
    replayParked: (which) => replayParked(pools.doors, which, wakeWorkers),
    findHookTarget: (id) => findHookTarget({ db: pools.doors, connections, connectorOf }, id),
    keepHint: (hint) => inbox.keep(hint),
    desktop: {
      ...openDesktop({ pool: pools.doors, finder, clock, log, lookUp }, keyring, settings),
      askCrm: (table, filter) =>
        findInCrm({ session: connections.session, connectorOf, keepHint: (hint) => inbox.keep(hint) }, table, filter),
    },
  }
}

function shownSettings(settings: Settings): Hub['settings'] {
  const { sessions, keepActsDays, keepWritesDays, keepInteractionsDays } = settings
  return {
    ...{ keepActsDays, keepWritesDays, keepInteractionsDays },
    publicUrl: settings.publicUrl ?? null,
    defaultCountry: settings.defaultCountry ?? null,
    sessionIdleHours: sessions.idleHours,
    sessionDays: sessions.days,
  }
}

/** A few milliseconds' events in one message: hundreds of commits a second would each wake the thread. */
function tellTogether(workThread: WorkThread): (count: number) => void {
  let kept = 0
  const tell = () => {
    workThread.tell({ kind: 'events-kept', count: kept })
    kept = 0
  }
  return (count) => {
    if (kept === 0) setTimeout(tell, togetherMs)
    kept += count
  }
}

async function openConnections(
  settings: Settings,
  { log, pools, workThread, stack }: Parts,
): Promise<{ connections: Connections; door: Door; keyring: Keyring; acts: Acts }> {
  const { connections, connectionsBeside, door, keyring, acts } = await openCrmAccess(settings, log, pools.crm)
  stack.defer(() => door.close())
  // What doors only read waits for no place among those that wait for a CRM.
  const { find, list, findAuthentication, listAuthentications, pushSecrets } = connectionsBeside(pools.doors)
  const vendorCalls = () => added([...connections.vendorCalls(), ...workThread.vendorCalls()])
  const quick = { find, list, findAuthentication, listAuthentications, pushSecrets }
  return { connections: { ...connections, ...quick, vendorCalls }, door, keyring, acts }
}

/** One count for each lane and status. */
function added(calls: readonly CallCount[]): CallCount[] {
  const byKind = Map.groupBy(calls, ({ lane, status }) => `${lane} ${status}`)
  return [...byKind.values()].map((same) => ({ ...same[0]!, count: same.reduce((sum, { count }) => sum + count, 0) }))
}

/** Its cards are read by a pool that look-ups do not use, so that none waits behind a card. */
function openDesktop(
  parts: Omit<DesktopContext, 'changed'>,
  keyring: Keyring,
  { dynamicData, allowHosts }: Settings,
): Omit<HubDesktop, 'askCrm'> {
  const listeners = new Set<() => void>()
  return {
    ...parts,
    ...{ keyring, allowHosts, limits: dynamicData },
    changed() {
      for (const listener of listeners) listener()
    },
    onChange: (listener) => void listeners.add(listener),
    sourceSecret: (name) => sourceSecret(parts.pool, keyring, name),
  }
}

/** Who sits at the machine itself may do all: the data folder is theirs anyway. The key lives as long as the process. */
function newOperator() {
  const key = randomBytes(32).toString('base64url')
  const name = `operator (${process.env.USER ?? process.env.LOGNAME ?? 'cli'})`
  const may = { permissions: new Set(permissions), sight: fullSight }
  const principal: Principal = { kind: 'operator', id: 'operator', name, ...may, sessionId: null, expiresAt: null }
  return { key, trusted: { digest: hash('sha256', key, 'buffer'), principal } }
}

async function closeServer(server: Server): Promise<void> {
  const closing = server.close()
  await waitAtMost(stopWithinMs, closing)
  server.app.server.closeAllConnections()
  await waitAtMost(stopWithinMs, closing)
}

import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Claim, claimFolder, claimSession, sessionName } from './embedded-claim.ts'
import { limitLog } from './embedded-log.ts'
import { findPostmaster, sendSignal, stopPostmaster } from './embedded-postmaster.ts'
import {
  type BringUp,
  bringUp,
  databaseUrl,
  findRunningUrl,
  type Installation,
  install,
  type LogLine,
  type Server,
} from './embedded-server.ts'

export interface EmbeddedOptions {
  dataFolder: string
  log?: LogLine
  /** Ends a start that takes long (recovery after a crash). */
  signal?: AbortSignal
  /** The database went away while the hub lives; it is being brought back. */
  onLost?: () => void
  onBack?: () => void
}

export interface Embedded {
  url: string
  /** True where Postgres was found running, left by a killed hub. */
  adopted: boolean
  /** Tells a second hub on this data folder where this one's console is. */
  announce(url: string): Promise<void>
  /** Stops Postgres and gives the data folder free. Call it last, when the pools are closed. */
  stop(): Promise<void>
}

const hubDatabase = 'jackfield'

/** Claims the data folder and runs Postgres on it until stop(), bringing it back when it dies. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataFolder = resolve(options.dataFolder)
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const claim = await claimFolder(dataFolder)
  try {
    return await supervise(dataFolder, claim, options)
  } catch (error) {
    await claim.release()
    throw error
  }
}

/** The address of the database that a serving hub on this folder runs, if one does. Claims nothing. */
export function findEmbedded(dataFolder: string): Promise<string | undefined> {
  return findRunningUrl(resolve(dataFolder), hubDatabase)
}

interface Supervised {
  dataFolder: string
  installed: Installation
  server?: Server
  /** The session that holds the claim, and whose end says that the server is gone. */
  session?: pg.Client
  restoring?: Promise<void> | undefined
  stopping: AbortController
}

async function supervise(dataFolder: string, claim: Claim, options: EmbeddedOptions): Promise<Embedded> {
  const log: LogLine = withoutRepeats(options.log ?? (() => undefined))
  const installed = await install(dataFolder)
  const state: Supervised = { dataFolder, installed, stopping: new AbortController() }
  const onEnd = () => {
    if (!state.stopping.signal.aborted) state.restoring ??= restore(state, onEnd, { ...options, log })
  }
  // A process that ends without stop(), by an error or a second Ctrl-C, still leaves no database behind.
  const atExit = () => sendSignal(findPostmaster(installed.cluster.data)?.pid, 'SIGINT')
  process.on('exit', atExit)
  const server = await start(state, onEnd, { log, signal: options.signal }).catch((error) => {
    process.off('exit', atExit)
    throw error
  })
  const rotation = setInterval(() => void limitLog(dataFolder).catch(() => undefined), 60_000).unref()
  const stop = async () => {
    state.stopping.abort()
    clearInterval(rotation)
    await state.restoring
    await stopPostmaster(installed.cluster.data)
    process.off('exit', atExit)
    await state.session?.end().catch(() => undefined)
    await claim.release()
  }
  let stopped: Promise<void> | undefined
  return {
    url: databaseUrl(installed.cluster.password, server.port, hubDatabase),
    adopted: server.adopted,
    announce: claim.announce,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Up and claimed, or stopped again: a server that a failed start leaves behind would be nobody's. */
async function start(state: Supervised, onEnd: () => void, options: BringUp): Promise<Server> {
  const { data } = state.installed.cluster
  const before = findPostmaster(data)
  try {
    state.server = await bringUp(state.installed, options)
    await attach(state, state.server.port, onEnd)
    return state.server
  } catch (error) {
    if (!before) await stopPostmaster(data)
    throw error
  }
}

/** Opens the session that holds the claim, and makes the hub's database where it is missing. */
async function attach(state: Supervised, port: number, onEnd: () => void): Promise<void> {
  const session = new pg.Client({
    connectionString: databaseUrl(state.installed.cluster.password, port, 'postgres'),
    application_name: sessionName(),
    connectionTimeoutMillis: 10_000,
  })
  // 'end' follows and is what counts.
  session.on('error', () => undefined)
  try {
    await session.connect()
    await claimSession(session, state.dataFolder)
    const { rowCount } = await session.query('select from pg_database where datname = $1', [hubDatabase])
    if (rowCount === 0) await session.query(`create database ${hubDatabase}`)
  } catch (error) {
    await session.end().catch(() => undefined)
    throw error
  }
  state.session = session
  session.once('end', onEnd)
}

/** A disk that is full for an hour is one line of the log. */
function withoutRepeats(log: LogLine): LogLine {
  let last = ''
  return (line) => {
    if (line !== last) log(line)
    last = line
  }
}

interface Restoring extends EmbeddedOptions {
  log: LogLine
}

/** Brings the server back on the port that the pools know, for as long as it takes: a full disk may be freed in an hour. */
async function restore(state: Supervised, onEnd: () => void, options: Restoring): Promise<void> {
  const { log } = options
  log('The embedded database is gone; bringing it back')
  options.onLost?.()
  const { signal } = state.stopping
  const { port } = state.server!
  for (let pause = 200; !signal.aborted; pause = Math.min(pause * 2, 5000)) {
    try {
      state.server = await bringUp(state.installed, { log, port, signal })
      await attach(state, port, onEnd)
      state.restoring = undefined
      log(`The embedded database is back (process ${state.server.pid})`)
      options.onBack?.()
      return
    } catch (error) {
      if (signal.aborted) return
      log(`The embedded database is still away: ${(error as Error).message}`)
      await sleep(pause, undefined, { signal }).catch(() => undefined)
    }
  }
}

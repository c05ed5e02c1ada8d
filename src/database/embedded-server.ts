import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { HubError } from '#core/errors.ts'
import { type Binaries, findBinaries } from './embedded-binaries.ts'
import {
  type Cluster,
  clusterData,
  clusterFolder,
  clusterUser,
  openCluster,
  openWay,
  readPassword,
} from './embedded-cluster.ts'
import { logFileOf, logSize, openLog, readLogSince } from './embedded-log.ts'
import { disownPidFile, findPostmaster, processesIn, sendSignal } from './embedded-postmaster.ts'
import { postgresSettings } from './embedded-settings.ts'
import { findRunUser, type RunUser, spawnAs } from './embedded-user.ts'

export type LogLine = (message: string) => void

export interface Server {
  pid: number
  port: number
  /** True where it was found running. */
  adopted: boolean
}

/** What is needed to start Postgres on a data folder, over and over. */
export interface Installation {
  cluster: Cluster
  binaries: Binaries
  user: RunUser
}

/** Finds the program and the cluster, making what is missing. The caller holds the data folder's lock. */
export async function install(dataFolder: string): Promise<Installation> {
  const user = await findRunUser(clusterFolder(dataFolder))
  const binaries = await findBinaries(user)
  return { user, binaries, cluster: await openCluster(dataFolder, binaries, user) }
}

export function databaseUrl(password: string, port: number, database: string): string {
  // sslmode stands there since PGSSLMODE of the environment would otherwise decide.
  return `postgres://${clusterUser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}?sslmode=disable`
}

/** The running server's address without starting or claiming anything: for a command beside a serving hub. */
export async function findRunningUrl(dataFolder: string, database: string): Promise<string | undefined> {
  const running = findPostmaster(clusterData(dataFolder))
  return running?.ready ? databaseUrl(await readPassword(dataFolder), running.port, database) : undefined
}

/** How long a start may fail for causes that pass by themselves: orphans holding shared memory, a port taken. */
const patience = 30_000

export interface BringUp {
  log: LogLine
  /** Fixes the port, for a restart under pools that know it. */
  port?: number
  /** Ends the waiting, not the server. */
  signal?: AbortSignal | undefined
}

/** A server that takes connections: the one left by a killed hub, or a new one. */
export async function bringUp(installed: Installation, options: BringUp): Promise<Server> {
  const { data } = installed.cluster
  const until = performance.now() + patience
  for (let adopted = true; ; ) {
    const running = findPostmaster(data)
    if (running) {
      await whenReady(installed.cluster, () => findPostmaster(data)?.pid !== running.pid, options)
      const ready = findPostmaster(data)
      if (ready?.ready) return { pid: ready.pid, port: ready.port, adopted }
      continue
    }
    adopted = false
    const failure = await startOnce(installed, options)
    if (!failure) continue
    if (!failure.passing || performance.now() > until) throw startFailed(installed.cluster, failure.said)
    options.log(`The embedded database does not start yet: ${lastFatal(failure.said)}`)
    await sleep(500, undefined, { signal: options.signal })
  }
}

/** Recovery after a crash can take minutes; as long as the server lives it is waited for, and said. */
async function whenReady(cluster: Cluster, isGone: () => boolean, { log, signal }: BringUp): Promise<void> {
  for (let tick = 1; !isGone(); tick++) {
    const running = findPostmaster(cluster.data)
    if (running?.ready && (await accepts(databaseUrl(cluster.password, running.port, 'postgres')))) return
    if (tick % 200 === 0)
      log(`Waiting for the embedded database${running ? ` (process ${running.pid})` : ''} to be ready`)
    await sleep(50, undefined, { signal })
  }
}

/** False while the server starts, recovers or stops; throws where waiting would not help. */
async function accepts(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch (cause) {
    if ((cause as { code?: string }).code !== '28P01') return false
    throw new HubError('database.folder_unusable', 'The embedded database refuses its own password', {
      cause,
      mend: 'Restore postgres/password in the data folder from a backup',
    })
  } finally {
    await client.end().catch(() => undefined)
  }
}

interface StartFailure {
  said: string
  passing: boolean
}

async function startOnce(installed: Installation, options: BringUp): Promise<StartFailure | undefined> {
  const { cluster } = installed
  await disownPidFile(cluster.data)
  const portFile = join(cluster.dataFolder, 'postgres-port')
  const last = Number(await readFile(portFile, 'utf8').catch(() => '0'))
  const port = options.port ?? (await choosePort(last))
  const from = await logSize(cluster.dataFolder)
  const spawned = await spawnPostgres(installed, port)
  try {
    await whenReady(cluster, () => spawned.ended !== undefined, options)
  } catch (error) {
    // Given up: one that has not written its pid file yet would be found by nobody, and stay.
    sendSignal(spawned.pid, 'SIGINT')
    while (spawned.ended === undefined) await sleep(20)
    throw error
  }
  if (spawned.ended === undefined) {
    if (port !== last) await writeFile(portFile, String(port)).catch(() => undefined)
    return undefined
  }
  const said = (await readLogSince(cluster.dataFolder, from)) || spawned.ended
  return {
    said,
    passing: /pre-existing shared memory|could not bind|lock file .* (already exists|is empty)/.test(said),
  }
}

interface Spawned {
  pid: number | undefined
  /** How it ended, once it did. */
  ended?: string
}

async function spawnPostgres({ cluster, binaries, user }: Installation, port: number): Promise<Spawned> {
  const settings = Object.entries(await postgresSettings(port, cluster.dataFolder))
  const way = await openWay(cluster.folder, user)
  const log = await openLog(cluster.dataFolder)
  try {
    const child = spawn(
      binaries.postgres,
      ['-D', `${way.path}/cluster`, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      // Detached is a session of its own: Ctrl-C in the terminal is the hub's to act on, not the database's.
      { ...spawnAs(user), detached: true, stdio: ['ignore', log.fd, log.fd, ...way.stdio] },
    )
    child.unref()
    const spawned: Spawned = { pid: child.pid }
    // Heard before anything is waited for: one that refuses at once has ended before the files below are closed.
    child.on('error', (error) => {
      spawned.ended = error.message
    })
    child.on('exit', (code, signal) => {
      spawned.ended = `it ended with ${code ?? signal}`
    })
    return spawned
  } finally {
    await Promise.all([way.close(), log.close()])
  }
}

/**
 * The last port again where it is free, so that the address a person noted stays; else one below the range from which
 * systems take the ports of outgoing connections, which would be found taken at a restart.
 */
async function choosePort(last: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = attempt === 0 && last > 0 ? last : 15_000 + Math.floor(Math.random() * 17_000)
    if (await isFree(port)) return port
  }
  throw new HubError('database.not_started', 'No free port was found for the embedded database')
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const probe = createServer()
  probe.on('error', () => resolve(false))
  probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  return promise
}

function startFailed(cluster: Cluster, said: string): HubError {
  const holders = processesIn(cluster.data)
  const whom = holders.length > 0 ? ` Processes of an earlier server still use it: ${holders.join(', ')}.` : ''
  return new HubError('database.not_started', `The embedded database does not start: ${lastFatal(said)}.${whom}`, {
    mend: `See to the cause (the whole text is in ${logFileOf(cluster.dataFolder)}), then start again`,
  })
}

/** The line that says why. A client turned away meanwhile also leaves a FATAL, and a full disk may leave no line at all. */
function lastFatal(said: string): string {
  const lines = said.trim().split('\n')
  const causes = lines.filter(
    (line) => /FATAL|PANIC|ERROR/.test(line) && !/accepting connections|is starting up/.test(line),
  )
  return (causes.at(-1) ?? lines.at(-1) ?? '').replace(/^.*?(?=(FATAL|PANIC|ERROR|LOG): )/, '')
}

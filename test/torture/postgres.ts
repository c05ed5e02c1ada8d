import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { bringUp, databaseUrl, type Installation, install } from '#database/embedded-server.ts'
import type { Chance } from './random.ts'

/** The database as a victim, whoever runs it. */
export interface Postgres {
  /** Of the hub's database, for the superuser. */
  url(): Promise<string>
  /** kill -9 of the postmaster; its sessions end by themselves. */
  kill(): Promise<void>
  /** Every one of its processes stops, as on a machine that sleeps. */
  freeze(): void
  thaw(): void
  /** Stops one session's process for a moment; one that is stopped stays so. */
  jolt(chance: Chance, ms: number): Promise<void>
  isDead(): boolean
  /** Where nobody else brings it back. */
  restart(): Promise<void>
  /** Ends it for good. */
  end(): Promise<void>
}

const database = 'jackfield'
const folders = new Set<string>()

/** Postgres processes in a data folder, read from the system; the hub may run them, or we. */
function processesOf(dataFolder: string): { postmaster: number | null; children: number[] } {
  const postmaster = postmasterOf(dataFolder)
  if (postmaster === null) return { postmaster, children: [] }
  return { postmaster, children: childrenOf(postmaster) }
}

function postmasterOf(dataFolder: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataFolder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])
    return isPostgres(pid) ? pid : null
  } catch {
    return null
  }
}

const isPostgres = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres') && stateOf(pid) !== 'Z'
  } catch {
    return false
  }
}

/** State and parent stand behind the program's name, which may hold anything. */
const statOf = (pid: number) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
const stateOf = (pid: number) => statOf(pid)[0]

/** By whoever strikes, or gone. */
function isStopped(pid: number): boolean {
  try {
    return stateOf(pid) === 'T'
  } catch {
    return true
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return Number.isInteger(pid) && Number(statOf(pid)[1]) === parent
      } catch {
        return false
      }
    })
}

const send = (pid: number, signal: NodeJS.Signals) => {
  try {
    process.kill(pid, signal)
  } catch {}
}

/** Sessions of clients, by the title that Postgres gives its processes. */
function sessionsOf(children: readonly number[]): number[] {
  return children.filter((pid) => {
    try {
      return /127\.0\.0\.1\(\d+\)/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    } catch {
      return false
    }
  })
}

/** The database that a hub runs by itself in its data folder. */
export function embeddedPostgres(dataFolder: string): Postgres {
  folders.add(dataFolder)
  const all = () => {
    const { postmaster, children } = processesOf(dataFolder)
    return postmaster === null ? [] : [postmaster, ...children]
  }
  // Whoever jolts a session meanwhile must not wake it.
  let isFrozen = false
  return {
    url: async () => {
      const password = readFileSync(join(dataFolder, 'postgres/password'), 'utf8').trim()
      const port = Number(readFileSync(join(dataFolder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[3])
      return databaseUrl(password, port, database)
    },
    async kill() {
      const pids = all()
      if (pids[0] !== undefined) send(pids[0], 'SIGKILL')
      // Sessions that sleep when their postmaster dies must wake to notice.
      for (const pid of pids) send(pid, 'SIGCONT')
      isFrozen = false
      while (pids[0] !== undefined && isPostgres(pids[0])) await wait(5)
    },
    freeze: () => {
      isFrozen = true
      for (const pid of all()) send(pid, 'SIGSTOP')
    },
    thaw: () => {
      isFrozen = false
      for (const pid of all().reverse()) send(pid, 'SIGCONT')
    },
    async jolt(chance, ms) {
      const sessions = sessionsOf(processesOf(dataFolder).children)
      if (sessions.length === 0) return
      const victim = chance.pick(sessions)
      if (isStopped(victim)) return
      send(victim, 'SIGSTOP')
      await wait(ms)
      if (!isFrozen) send(victim, 'SIGCONT')
    },
    isDead: () => postmasterOf(dataFolder) === null,
    restart: async () => undefined,
    end: () => endIn(dataFolder),
  }
}

/** Immediate shutdown: nothing of it is needed any more. */
async function endIn(dataFolder: string): Promise<void> {
  const { postmaster, children } = processesOf(dataFolder)
  if (postmaster !== null) {
    for (const pid of [postmaster, ...children]) send(pid, 'SIGCONT')
    send(postmaster, 'SIGQUIT')
    for (let waited = 0; isPostgres(postmaster); waited += 20) {
      if (waited > 10_000) send(postmaster, 'SIGKILL')
      await wait(20)
    }
  }
  folders.delete(dataFolder)
}

/** For a run that is broken off: synchronous, so that an exit hook can call it. */
export function killDatabases(): void {
  for (const folder of folders) {
    const { postmaster, children } = processesOf(folder)
    if (postmaster === null) continue
    for (const pid of children) send(pid, 'SIGCONT')
    send(postmaster, 'SIGKILL')
    for (const pid of children) send(pid, 'SIGKILL')
  }
}

/** A database server of our own, that several hub processes share and nobody but we brings back. */
export async function ownPostgres(dataFolder: string): Promise<Postgres> {
  const installed = await install(dataFolder)
  let port = (await bringUp(installed, { log: () => undefined })).port
  const embedded = embeddedPostgres(dataFolder)
  await makeDatabase(installed, port)
  return {
    ...embedded,
    url: async () => databaseUrl(installed.cluster.password, port, database),
    restart: async () => {
      port = (await bringUp(installed, { log: () => undefined, port })).port
    },
  }
}

async function makeDatabase(installed: Installation, port: number): Promise<void> {
  await withClient(databaseUrl(installed.cluster.password, port, 'postgres'), async (client) => {
    await client.query(`create database ${database}`)
  })
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'torture', connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

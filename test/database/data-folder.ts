import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { clusterData } from '#database/embedded-cluster.ts'
import { findPostmaster, processesIn, sendSignal, stopPostmaster } from '#database/embedded-postmaster.ts'
import { quickFolder } from '../support/quick-folder.ts'

/** An empty data folder; after the test, as the last of its hooks, its Postgres is stopped and it is removed. */
export async function dataFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(quickFolder(), 'jackfield-data-'))
  const remove = async () => {
    await stopPostmaster(clusterData(folder))
    await rm(folder, { recursive: true, force: true })
  }
  t.after(() => t.after(remove))
  return folder
}

export interface HubProcess {
  child: ChildProcess
  pid: number
  /** The line that it prints when it is up or refused. */
  said: Promise<{ url: string; adopted: boolean; code?: string; message?: string; mend?: string }>
  /** Ends when the process did. */
  ended: Promise<unknown>
}

export interface HubProcessOptions {
  mode?: string
  uid?: number
  gid?: number
}

/** A hub-like process in a process group of its own, as a terminal gives one. */
export function startHubProcess(t: TestContext, folder: string, options: HubProcessOptions = {}): HubProcess {
  const { mode, ...user } = options
  const script = join(import.meta.dirname, 'hub-process.ts')
  const child = spawn(process.execPath, [script, folder, ...(mode ? [mode] : [])], {
    ...user,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  t.after(async () => {
    sendSignal(child.pid, 'SIGKILL')
    await ended
  })
  const said = once(createInterface(child.stdout!), 'line').then(([line]) => JSON.parse(line as string))
  return { child, pid: child.pid!, said, ended }
}

export function postmasterOf(folder: string): number | undefined {
  return findPostmaster(clusterData(folder))?.pid
}

export async function query<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}

/** Waits for a condition with a limit that only a real failure reaches. */
export async function until(what: string, met: () => boolean | Promise<boolean>): Promise<void> {
  for (const limit = performance.now() + 60_000; performance.now() < limit; await sleep(50)) if (await met()) return
  throw new Error(`Waited in vain: ${what}`)
}

export const noProcessIn = (folder: string) => () => processesIn(clusterData(folder)).length === 0

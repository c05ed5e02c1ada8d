import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Run, RunKind } from '../src/server/contract/runs.ts'
import { type ProgramOptions, project, type Running, runProgram, startProgram } from './process.ts'
import type { Organisation } from './vendor.ts'

const main = join(project, 'src/main.ts')

/** A hub of the whole product on a database of its own: processes are started on it as an operator would. */
export interface BenchHub {
  key: string
  env: Record<string, string>
  serve(role?: 'web' | 'work' | 'all'): Promise<Serving>
  remove(): Promise<void>
}

export type Api = <T>(method: string, path: string, body?: unknown) => Promise<T>

export interface Serving {
  url: string
  pid: number
  api: Api
  stop(): Promise<void>
}

export async function createHub(
  databaseUrl: string,
  organisation: Organisation,
  settings: Record<string, string> = {},
): Promise<BenchHub> {
  const folder = await mkdtemp(join(tmpdir(), 'jackfield-bench-hub-'))
  const env = {
    DATABASE_URL: databaseUrl,
    JACKFIELD_DATA: folder,
    JACKFIELD_ALLOW_HOSTS: new URL(organisation.url).host,
    JACKFIELD_LOG_LEVEL: 'warn',
    ...settings,
  }
  const { key } = await runProgram<{ key: string }>([main, 'key', 'create', '--scope', 'all', '--json'], { env })
  return {
    key,
    env,
    serve: async (role = 'all') => {
      const options: ProgramOptions = { env, nodeFlags: process.env.JACKFIELD_BENCH_NODE?.split(' ') ?? [] }
      const running = await startProgram<{ url: string }>(
        [main, 'serve', '--port', '0', '--role', role, '--json'],
        options,
      )
      return serving(running, key)
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

function serving(running: Running<{ url: string }>, key: string): Serving {
  const { url } = running.told
  return { url, pid: running.pid, stop: running.stop, api: apiOf(url, key) }
}

export function apiOf(url: string, key: string): Api {
  return async <T>(method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) }
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
    const reply = await fetch(`${url}/api/v1${path}`, init)
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }
}

export interface Connected {
  connection: string
  columns: string[]
}

/** Connects the organisation and leaves one table to be copied. No worker runs meanwhile, so that nothing has begun. */
export async function connectOneTable(hub: BenchHub, organisation: Organisation, entity: string): Promise<Connected> {
  const doors = await hub.serve('web')
  try {
    const { vendor, told } = organisation
    const { id } = await doors.api<{ id: string }>('POST', '/connections', vendor.connection(told))
    const path = `/connections/${id}/tables`
    const { tables } = await doors.api<{ tables: { entity: string; enabled: boolean; columns: string[] }[] }>(
      'GET',
      path,
    )
    for (const table of tables) {
      if (table.enabled && table.entity !== entity)
        await doors.api('PATCH', `${path}/${table.entity}`, { enabled: false })
    }
    const columns = [...tables.find((table) => table.entity === entity)!.columns, ...vendor.moreColumns]
    const changed = await doors.api<{ columns: string[] }>('PATCH', `${path}/${entity}`, { columns })
    return { connection: id, columns: changed.columns }
  } finally {
    await doors.stop()
  }
}

export interface Measured extends Run {
  seconds: number
  rowsPerSecond: number
}

/** Waits for the newest run of a kind to end well. Its time is the hub's own: from its start to its last commit. */
export async function waitForRun(hub: Serving, kind: RunKind): Promise<Measured> {
  for (;;) {
    const { runs } = await hub.api<{ runs: Run[] }>('GET', '/runs?limit=50')
    const run = runs.find((candidate) => candidate.kind === kind)
    if (run?.state === 'failed' || run?.state === 'cancelled')
      throw new Error(`${kind}: ${JSON.stringify(run.problem)}`)
    if (run?.state === 'done') {
      const seconds = (Date.parse(run.finishedAt!) - Date.parse(run.startedAt!)) / 1000
      return { ...run, seconds, rowsPerSecond: Math.round(run.records / seconds) }
    }
    await wait(250)
  }
}

/** Until nothing is under way or due: what follows a first copy (a pass over what changed meanwhile, an audit) has ended. */
export async function waitUntilQuiet(hub: Serving): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const { runs } = await hub.api<{ runs: Run[] }>('GET', '/runs?limit=50')
    const audited = runs.some((run) => run.kind === 'audit' && run.state === 'done')
    const open = runs.some((run) => run.state === 'waiting' || run.state === 'running')
    quiet = audited && !open ? quiet + 1 : 0
    await wait(500)
  }
}

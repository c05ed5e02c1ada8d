import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Run } from '../server/contract/runs.ts'
import type { Status } from '../server/contract/status.ts'
import type { Api } from './api.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { Failure } from './failure.ts'
import { type Access, type AccessOptions, findConnection } from './hub-access.ts'
import type { Output } from './output.ts'
import { progressLines, progressOf } from './progress.ts'

interface Options extends JsonOption, AccessOptions {
  table?: string
  full?: boolean
  wait?: boolean
}

export function syncCommand(program: Command, shell: Shell): void {
  talksToHub(
    program
      .command('sync')
      .description('read what changed in a CRM since the last pass; everything, the first time')
      .argument('<connection>', 'id or name of the connection')
      .option('--table <entity>', 'this table only, such as contact')
      .option('--full', 'fetch and compare every row again')
      .option('--wait', 'wait for the end; --json then ends on {"synced":{entity: records held}}'),
  ).action((connection: string, options: Options) =>
    runWithHub(shell, options, (access, output) => sync(access, output, connection, options)),
  )
}

async function sync(access: Access, output: Output, name: string, options: Options): Promise<ExitCode | undefined> {
  const { api } = access
  const { id } = await findConnection(api, name)
  const body = { connection: id, entity: options.table, kind: options.full ? 'full' : 'incremental' }
  const { runs } = await api.post<{ runs: Run[] }>('/runs', body)
  if (!options.wait) {
    output.result({ runs: runs.map((run) => ({ id: run.id, entity: run.entity, kind: run.kind, state: run.state })) })
    for (const run of runs) output.line(`${run.entity}: ${run.kind} pass asked for`)
    return undefined
  }
  access.work()
  const ended = await waitForRuns(api, runs, (now) => output.draw(progressLines(now.map(progressOf))))
  return conclude(api, output, id, ended)
}

async function conclude(api: Api, output: Output, connectionId: string, ended: Run[]): Promise<ExitCode | undefined> {
  const failed = ended.filter((run) => run.state !== 'done')
  output.draw([])
  for (const line of progressLines(ended.map(progressOf))) output.line(line)
  const told = failed.map(({ entity, state, problem }) => ({ entity, state, problem }))
  output.result({ synced: await heldByEntity(api, connectionId), ...(failed.length > 0 ? { failed: told } : {}) })
  if (failed.length === 0) return undefined
  return failed.some((run) => run.problem?.code === 'sync.sweep_needs_person') ? exitCode.attention : exitCode.failed
}

/** Records held of each copied table, counted now. */
export async function heldByEntity(api: Api, connectionId: string): Promise<Record<string, number>> {
  const status = await api.get<Status>('/status', { exact: 'true' })
  const tables = status.connections.find((connection) => connection.id === connectionId)?.tables ?? []
  const copied = tables.filter((table) => table.enabled || table.counts.records > 0)
  return Object.fromEntries(copied.map((table) => [table.entity, table.counts.records]))
}

const lookEveryMs = 300
const over = new Set<Run['state']>(['done', 'failed', 'cancelled'])

/** Until each has ended; a connection that cannot be used ends the waiting, since no time would mend it. */
export async function waitForRuns(api: Api, runs: readonly Run[], onLook: (runs: Run[]) => void): Promise<Run[]> {
  let now = [...runs]
  for (let look = 0; ; look++) {
    now = await Promise.all(now.map((run) => (over.has(run.state) ? run : api.get<Run>(`/runs/${run.id}`))))
    onLook(now)
    const open = now.filter((run) => !over.has(run.state))
    if (open.length === 0) return now
    if (look % 10 === 9) await refuseUnusable(api, open)
    await wait(lookEveryMs)
  }
}

async function refuseUnusable(api: Api, open: readonly Run[]): Promise<void> {
  const paused = open.find((run) => run.state === 'paused')
  if (paused) throw new Failure({ code: 'connection.not_ready', message: `The pass over ${paused.entity} is paused` })
  const connection = await api.get<{
    name: string
    state: string
    problem: { message: string; mend: string | null } | null
  }>(`/connections/${open[0]!.connectionId}`)
  if (connection.state === 'active' || connection.state === 'connecting') return
  const { name, state, problem } = connection
  const why = problem ? `: ${problem.message}` : ''
  const mend = problem?.mend
  const message = `The connection ${name} is ${state.replace('_', ' ')}${why}`
  throw new Failure({ code: 'connection.not_ready', message, ...(mend ? { mend } : {}) })
}

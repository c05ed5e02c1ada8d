import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Change, ChangeList } from '../server/contract/changes.ts'
import type { CheckStep, Connection, ConnectionList } from '../server/contract/connections.ts'
import type { Run } from '../server/contract/runs.ts'
import { type Api, createApi } from './api.ts'
import { type JsonOption, run, type Shell } from './command.ts'
import { tellStep } from './connect.ts'
import { Failure } from './failure.ts'
import { portOf, recordsOf, seedOf } from './numbers.ts'
import { count, type Output } from './output.ts'
import { progressLine } from './progress.ts'
import { type RunningSimulator, startSimulator } from './simulator.ts'
import { heldByEntity, waitForRuns } from './sync.ts'

interface Options extends JsonOption {
  records?: number
  seed?: number
  port?: number
  data?: string
  exitWhenSynced?: boolean
}

/** As in life, a few records break the model. */
const brokenRecords = 3
const changesPerSecond = 2

export function demoCommand(program: Command, shell: Shell): void {
  program
    .command('demo')
    .description('a hub beside a simulated Dynamics 365 organisation: connected, copied, and changing before your eyes')
    .option('--records <number>', 'accounts and contacts of the organisation, one to five (default: 30000)', recordsOf)
    .option('--seed <number>', 'another seed makes another organisation (default: 1)', seedOf)
    .option('--port <number>', 'port of the hub; 0 takes any free one (default: JACKFIELD_PORT, else 8484)', portOf)
    .option('--data <folder>', 'where hub and organisation are kept between starts (default: ./data/demo)')
    .option('--exit-when-synced', 'end after the first copy')
    .option('--json', 'print JSON lines; with --exit-when-synced the last is {"synced":{entity: records held}}')
    .action((options: Options) => run(shell, options, (output) => demo(shell, options, output)))
}

async function demo(shell: Shell, options: Options, output: Output): Promise<undefined> {
  const folder = resolve(options.data ?? join(shell.machine.settings().dataFolder, 'demo'))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { records, seed } = options
  const file = join(folder, 'organisation.ndjson')
  output.line('Starting a simulated Dynamics 365 organisation and the hub …')
  const crm = await startSimulator('dynamics', [
    ...(records === undefined ? [] : ['--records', String(records)]),
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
    ...['--port', '0', '--broken', String(brokenRecords), '--data', file],
  ])
  try {
    await withHub(shell, options, output, { crm, folder })
  } finally {
    await crm.stop()
  }
}

interface Stage {
  crm: RunningSimulator
  folder: string
}

async function withHub(shell: Shell, options: Options, output: Output, { crm, folder }: Stage): Promise<void> {
  const allowHosts = [new URL(crm.url).host, new URL(crm.authority).host]
  const logFile = join(folder, 'hub.log')
  const hub = await shell.machine.open({ data: folder, alone: true, allowHosts, logFile })
  try {
    const settings = shell.machine.settings()
    const url = await hub.listen({ host: '127.0.0.1', port: options.port ?? settings.port })
    hub.startWork()
    const api = createApi((asked) => hub.call(asked))
    const { id } = await connectOnce(api, output, crm)
    const signIn = await hub.signInLink(url)
    output.line()
    output.line(`Console  ${url}`)
    output.line(`Sign in  ${signIn}   (works once)`)
    output.line()
    const stopped = shell.stopped.then(() => 'stopped' as const)
    if ((await Promise.race([copy(api, output, id), stopped])) === 'stopped') return
    const synced = await heldByEntity(api, id)
    if (options.exitWhenSynced) return output.result({ synced })
    output.result({ url, signIn, pid: process.pid, synced })
    output.line(`Copied. Now the organisation lives, ${changesPerSecond} changes a second and a burst now and then;`)
    output.line(
      `look at ${url}, or ask: npm run jackfield -- lookup --data ${folder} <number or name>. Ctrl-C ends it all.`,
    )
    await crm.live(changesPerSecond)
    await Promise.race([follow(api, output), stopped])
    output.line('Stopping; a second start takes up where this one ended.')
  } finally {
    await hub.close()
  }
}

/** A second start finds the connection; where the organisation had to move to another port, it is connected anew. */
async function connectOnce(api: Api, output: Output, crm: RunningSimulator): Promise<Connection> {
  const { connections } = await api.get<ConnectionList>('/connections')
  const known = connections.find((connection) => connection.url === crm.url)
  if (known) return known
  for (const moved of connections) await api.delete(`/connections/${moved.id}`)
  const { url, authority, tenant, clientId, clientSecret } = crm
  return api.postInSteps<CheckStep, Connection>(
    '/connections',
    {
      crm: 'dynamics',
      url,
      name: 'Contoso (simulated)',
      authentication: { settings: { authority, tenant, clientId }, secret: clientSecret },
    },
    (step) => tellStep(output, step),
  )
}

const plainEveryMs = 2_000

async function copy(api: Api, output: Output, connection: string): Promise<void> {
  const { runs } = await api.post<{ runs: Run[] }>('/runs', { connection, kind: 'incremental' })
  let toldAt = Number.NEGATIVE_INFINITY
  const ended = await waitForRuns(api, runs, (now) => {
    output.draw(now.map(progressLine))
    if (output.terminal || performance.now() - toldAt < plainEveryMs) return
    toldAt = performance.now()
    for (const run of now.filter(({ state }) => state === 'running')) output.line(progressLine(run))
  })
  output.draw([])
  for (const run of ended) output.line(progressLine(run))
  output.line()
  const failed = ended.find((run) => run.state !== 'done')
  if (failed) {
    const message = `The copy of ${failed.entity} ended as ${failed.state}: ${failed.problem?.message ?? ''}`
    throw new Failure({ code: failed.problem?.code ?? 'internal', message })
  }
}

const lookEveryMs = 400
/** Of a burst only so many are named. */
const mostNamed = 8

async function follow(api: Api, output: Output): Promise<never> {
  for (let cursor = 'now'; ; ) {
    const { changes, next } = await api.get<ChangeList>('/changes', { cursor, limit: '500' })
    for (const change of output.json ? changes : changes.slice(0, mostNamed)) tellChange(output, change)
    if (changes.length > mostNamed) output.line(`          … and ${count(changes.length - mostNamed)} more`)
    cursor = next
    await wait(lookEveryMs)
  }
}

function tellChange(output: Output, change: Change): void {
  const { at, entity, operation, name, changed } = change
  output.result({ change: { at, entity, operation, name, recordId: change.recordId } })
  const fields = operation === 'changed' ? Object.keys(changed).filter((field) => !quiet.has(field)) : []
  const shown = fields.length > 0 ? `  (${fields.slice(0, 4).join(', ')})` : ''
  output.line(`${at.slice(11, 19)}  ${entity.padEnd(8)} ${operation.padEnd(9)} ${name ?? ''}${shown}`)
}

/** They change with every change. */
const quiet = new Set(['modifiedon', '_modifiedby_value', 'versionnumber', '@odata.etag'])

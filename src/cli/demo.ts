import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import type { Change, ChangeList } from '../server/contract/changes.ts'
import type { CheckStep, Connection } from '../server/contract/connections.ts'
import { type Api, createApi } from './api.ts'
import { type JsonOption, run, type Shell } from './command.ts'
import { startCalls } from './demo-calls.ts'
import { type Copied, copyAll, heldOf, tellHeld, waitWritten } from './demo-copy.ts'
import { connectAll, type DemoCrm, demoCrms, type StagedCrm } from './demo-crms.ts'
import { configureDesktop } from './demo-desktop.ts'
import { openDestination } from './demo-destination.ts'
import type { LocalHub } from './hub-access.ts'
import { portOf, recordsOf, seedOf } from './numbers.ts'
import { count, type Output } from './output.ts'
import { startSimulator } from './simulator.ts'
import { tellStep } from './tell-step.ts'

interface Options extends JsonOption {
  crm?: string
  records?: number
  seed?: number
  port?: number
  data?: string
  exitWhenSynced?: boolean
  calls: boolean
}

/** Accounts and contacts of each organisation. */
const recordsAlone = 30_000
const recordsBeside = 10_000
const changesPerSecond = 2

export function demoCommand(program: Command, shell: Shell): void {
  const words = [...demoCrms.map(({ word }) => word), 'all']
  const crm = new Option('--crm <kind>', 'which CRMs: those of the last start, else dynamics').choices(words)
  program
    .command('demo')
    .description('a hub beside simulated CRMs: connected, copied, and changing before your eyes')
    .addOption(crm)
    .option(
      '--records <number>',
      `accounts and contacts of each organisation, one to five (default: ${recordsAlone}; beside others ${recordsBeside})`,
      recordsOf,
    )
    .option('--seed <number>', 'another seed makes other organisations (default: 1)', seedOf)
    .option('--port <number>', 'port of the hub; 0 takes any free one (default: JACKFIELD_PORT, else 8484)', portOf)
    .option('--data <folder>', 'where hub and organisations are kept between starts (default: ./data/demo)')
    .option('--exit-when-synced', 'end after the first copy')
    .option('--no-calls', 'no simulated contact centre: nobody’s phone rings')
    .option('--json', 'print JSON lines; with --exit-when-synced the last is {"synced":{entity: records held}, …}')
    .action((options: Options) => run(shell, options, (output) => demo(shell, options, output)))
}

async function demo(shell: Shell, options: Options, output: Output): Promise<undefined> {
  const folder = resolve(options.data ?? join(shell.machine.settings().dataFolder, 'demo'))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const chosen = chosenCrms(options.crm, folder)
  const titles = new Intl.ListFormat('en-GB').format(chosen.map(({ title }) => title))
  output.line(`Starting the hub, and simulated beside it: ${titles} …`)
  const staged = await startAll(chosen, folder, options)
  try {
    await withHub(shell, options, output, { staged, folder })
  } finally {
    await Promise.all(staged.map(({ simulator }) => simulator.stop()))
  }
}

function chosenCrms(word: string | undefined, folder: string): readonly DemoCrm[] {
  if (word === 'all') return demoCrms
  if (word !== undefined) return demoCrms.filter((crm) => crm.word === word)
  const kept = demoCrms.filter(({ file }) => existsSync(join(folder, file)))
  return kept.length > 0 ? kept : demoCrms.filter((crm) => crm.word === 'dynamics')
}

async function startAll(chosen: readonly DemoCrm[], folder: string, options: Options): Promise<StagedCrm[]> {
  const started = await Promise.allSettled(
    chosen.map(async (crm) => {
      const file = join(folder, crm.file)
      const size = sizeOf(options, { isKept: existsSync(file), isAlone: chosen.length === 1 })
      return {
        ...crm,
        simulator: await startSimulator(crm.word, [...size, ...crm.options, '--port', '0', '--data', file]),
      }
    }),
  )
  const staged = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = started.find((one) => one.status === 'rejected')
  if (!failed) return staged
  await Promise.all(staged.map(({ simulator }) => simulator.stop()))
  throw failed.reason
}

/** An organisation that is kept already is as large as it is. */
function sizeOf({ records, seed }: Options, { isKept, isAlone }: { isKept: boolean; isAlone: boolean }): string[] {
  const wanted = records ?? (isKept ? undefined : isAlone ? recordsAlone : recordsBeside)
  return [
    ...(wanted === undefined ? [] : ['--records', String(wanted)]),
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
  ]
}

interface Stage {
  staged: readonly StagedCrm[]
  folder: string
}

async function withHub(shell: Shell, options: Options, output: Output, { staged, folder }: Stage): Promise<void> {
  const allowHosts = staged.flatMap((crm) => crm.addresses(crm.simulator).map((address) => new URL(address).host))
  const logFile = join(folder, 'hub.log')
  const hub = await shell.machine.open({ data: folder, alone: true, allowHosts, logFile })
  try {
    const settings = shell.machine.settings()
    const url = await hub.listen({ host: '127.0.0.1', port: options.port ?? settings.port })
    hub.startWork()
    const api = createApi((asked) => hub.call(asked))
    const connections = await connectAll(api, staged, (crm, body) => connectOne(api, output, crm, body))
    const copied = staged.map((crm, i) => ({ crm, connection: connections[i]! }))
    for (const { crm, connection } of copied) {
      await crm.openPush?.(api, connection, { simulator: crm.simulator, hub: url })
    }
    await play({ shell, options, output, hub, api, url, copied, folder })
  } finally {
    await hub.close()
  }
}

interface Play {
  shell: Shell
  options: Options
  output: Output
  hub: LocalHub
  api: Api
  url: string
  copied: readonly Copied[]
  folder: string
}

async function play({ shell, options, output, hub, api, url, copied, folder }: Play): Promise<void> {
  const signIn = await hub.signInLink(url)
  output.line()
  output.line(`Console  ${url}`)
  output.line(`Sign in  ${signIn}   (works once)`)
  if (options.calls) output.line(`Desktop  ${url}/desktop   (rings once it is copied and you have signed in)`)
  output.line()
  const stopped = shell.stopped.then(() => 'stopped' as const)
  const held = await Promise.race([copy(api, output, copied), stopped])
  if (held === 'stopped') return
  if (options.exitWhenSynced) return output.result(held)
  output.result({ url, signIn, pid: process.pid, ...held })
  const life = copied.length > 1 ? 'they live' : 'the organisation lives'
  output.line()
  output.line(`Copied. Now ${life}, ${changesPerSecond * copied.length} changes a second and a burst now and then.`)
  output.line(`Ask: npm run jackfield -- lookup --data ${folder} <number or name>   Ctrl-C ends it all.`)
  output.line()
  for (const { connection } of copied) await configureDesktop(api, connection)
  for (const { crm } of copied) await crm.simulator.live(changesPerSecond)
  const calls = options.calls
    ? startCalls({ api, url, folder, stopped }).catch((error: Error) => {
        output.line(`Nobody calls: ${error.message}`)
        return null
      })
    : null
  try {
    await Promise.race([follow(api, output, copied), stopped])
  } finally {
    await (await calls)?.stop()
  }
  output.line('Stopping; a second start takes up where this one ended.')
}

async function connectOne(api: Api, output: Output, crm: StagedCrm, body: object): Promise<Connection> {
  const failed: CheckStep[] = []
  let checks = 0
  const made = await api
    .postInSteps<CheckStep, Connection>('/connections', body, (step) => {
      checks += 1
      if (!step.ok) failed.push(step)
      output.draw([`  ${crm.name}  ${step.message}`])
    })
    .finally(() => output.draw([]))
    .catch((error: unknown) => {
      for (const step of failed) tellStep(output, step)
      throw error
    })
  output.line(`✓ ${crm.name.padEnd(7)}  ${crm.title.padEnd(12)}  connected, ${checks} checks passed`)
  return made
}

/** The first copy of all; where a destination stands among them, until it has what the others hold. */
async function copy(api: Api, output: Output, copied: readonly Copied[]) {
  const into = copied.find(({ crm }) => crm.kind === 'dynamics')
  const others = copied.filter((one) => one !== into)
  const hasDestination = into !== undefined && others.length > 0
  const opened = hasDestination ? await openDestination(api, into.connection.id) : null
  await copyAll(api, output, copied)
  const held = await heldOf(api, copied)
  tellHeld(output, copied, held)
  if (!opened) return held
  const sources = new Set(others.map(({ connection }) => connection.name))
  const wanted = held.connections
    .filter(({ name }) => sources.has(name))
    .reduce((sum, { synced }) => sum + (synced.account ?? 0) + (synced.contact ?? 0), 0)
  const { progress } = await waitWritten(api, output, { destination: opened.id, wanted, name: into!.crm.name })
  const { written, parked } = progress
  return { ...held, destination: { name: into!.connection.name, written, parked } }
}

const lookEveryMs = 400
/** Of a burst only so many are named. */
const mostNamed = 8

async function follow(api: Api, output: Output, copied: readonly Copied[]): Promise<never> {
  const names = new Map(copied.map(({ crm, connection }) => [connection.id, crm.name]))
  for (let cursor = 'now'; ; ) {
    const { changes, next } = await api.get<ChangeList>('/changes', { cursor, limit: '500' })
    for (const change of output.json ? changes : changes.slice(0, mostNamed)) tellChange(output, change, names)
    if (changes.length > mostNamed) output.line(`          … and ${count(changes.length - mostNamed)} more`)
    cursor = next
    await wait(lookEveryMs)
  }
}

function tellChange(output: Output, change: Change, names: ReadonlyMap<string, string>): void {
  const { at, connectionId, entity, operation, name, changed } = change
  output.result({ change: { at, connectionId, entity, operation, name, recordId: change.recordId } })
  const fields = operation === 'changed' ? Object.keys(changed).filter((field) => !quiet.has(field)) : []
  const shown = fields.length > 0 ? `  (${fields.slice(0, 4).join(', ')})` : ''
  const crm = names.size > 1 ? `${(names.get(connectionId) ?? '').padEnd(7)}  ` : ''
  output.line(`${at.slice(11, 19)}  ${crm}${entity.padEnd(8)} ${operation.padEnd(9)} ${name ?? ''}${shown}`)
}

/** They change with every change. */
const quiet = new Set([
  ...['modifiedon', '_modifiedby_value', 'versionnumber', '@odata.etag'],
  ...['SystemModstamp', 'LastModifiedDate', 'LastModifiedById', 'updated_at', 'serial'],
])

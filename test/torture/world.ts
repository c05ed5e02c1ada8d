import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { quickFolder } from '../support/quick-folder.ts'
import { type Control, type Credential, controlOf, type HubApi, hubApi, keyOf } from './clients.ts'
import { armProbe, type EpochProbe, prepareProbe } from './epoch-probe.ts'
import { type HookRelay, startHookRelay } from './hook-relay.ts'
import type { Phase } from './phases.ts'
import { embeddedPostgres, ownPostgres, type Postgres } from './postgres.ts'
import { kill, type Running, runProgram, startProgram } from './processes.ts'
import type { SimulatorFacts, Subject } from './subject.ts'

const project = join(import.meta.dirname, '../..')

/** `alone`: one process with its embedded Postgres. `split`: a door and two workers on a Postgres of their own. */
export type Topology = 'alone' | 'split'

export interface WorldOptions {
  subject: Subject
  topology: Topology
  records: number
  seed: number
  /** The folder with the hub's `src/main.ts`: the project, or a copy with a planted fault. */
  program?: string
  /** A second organisation, that is written to. */
  beside?: { subject: Subject; records: number; seed: number }
}

/** An organisation beside the first. */
export interface Beside {
  subject: Subject
  crm: SimulatorFacts
  control: Control
  connect(): Promise<string>
}

export interface World {
  subject: Subject
  topology: Topology
  folder: string
  crm: SimulatorFacts
  control: Control
  relay: HookRelay
  api: HubApi
  /** The API as somebody else uses it. */
  apiAs(credential: Credential): HubApi
  postgres: Postgres
  probe: EpochProbe | null
  /** The process whose doors are open: all of the hub, or its web role. */
  door(): Running
  /** Empty where the hub is one process. */
  workers(): Running[]
  /** Brings back what is dead, the database first. */
  restartDead(): Promise<void>
  /** Runs the command line beside the hub. */
  cli(args: readonly string[]): Promise<{ code: number; last: Record<string, unknown> }>
  /** Connects the organisation; answers the connection's id. */
  connect(phase: Phase): Promise<string>
  beside: Beside | null
  /** Ends everything; keeps the folder with the logs where asked to. */
  close(keep: boolean): Promise<void>
}

interface Slot {
  name: string
  role: 'all' | 'web' | 'work'
  port: number
  running: Running | null
}

const workerNames = ['first', 'second'] as const

export async function startWorld(options: WorldOptions): Promise<World> {
  const folder = await mkdtemp(join(quickFolder(), 'jackfield-torture-'))
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const unwind = async () => {
    for (const one of undo.toReversed()) await one().catch(() => undefined)
  }
  try {
    return await build(folder, options, undo)
  } catch (error) {
    await unwind()
    throw error
  }
}

async function build(folder: string, options: WorldOptions, undo: (() => Promise<unknown>)[]): Promise<World> {
  const program = options.program ?? project
  const data = join(folder, 'data')
  await mkdir(join(folder, 'logs'))
  await mkdir(data, { mode: 0o700 })
  const simulator = await startSimulator(folder, options)
  undo.push(() => kill(simulator))
  const crm = simulator.facts as unknown as SimulatorFacts
  const besides = options.beside ? await startSimulator(folder, options.beside, 'beside') : null
  if (besides) undo.push(() => kill(besides))
  const besideFacts = besides?.facts as unknown as SimulatorFacts | undefined
  const hosts = [options.subject.hosts(crm), besideFacts ? options.beside!.subject.hosts(besideFacts) : []].flat()
  const slots = slotsOf(options.topology)
  const doorUrl = () => `http://127.0.0.1:${slots[0]!.port}`
  const relay = await startHookRelay(doorUrl, options.subject.subjectsOf)
  undo.push(() => relay.close())
  const postgres = options.topology === 'alone' ? embeddedPostgres(data) : await ownPostgres(data)
  undo.push(() => postgres.end())
  const superuserUrl = options.topology === 'alone' ? null : await postgres.url()
  const probe = superuserUrl === null ? null : await prepareProbe(superuserUrl, workerNames)
  const env = environment(hosts, relay, data)
  const start = async (slot: Slot) => {
    slot.running = await startHub({ slot, env: envOf(env, slot, superuserUrl, probe), folder, program, probe })
    slot.port = Number(new URL(String(slot.running.facts.url)).port)
  }
  undo.push(() => Promise.all(slots.map((slot) => slot.running && kill(slot.running))))
  await start(slots[0]!)
  if (superuserUrl !== null) await armProbe(superuserUrl)
  await Promise.all(slots.slice(1).map(start))
  const cli = (args: readonly string[]) =>
    runProgram({
      name: `jackfield ${args[0]}`,
      file: join(program, 'src/main.ts'),
      args,
      cwd: program,
      env: envOf(env, slots[0]!, superuserUrl, probe),
      log: join(folder, 'logs/cli.log'),
    })
  const { last } = await cli(['key', 'create', '--scope', 'all', '--name', 'torture', '--json'])
  const api = hubApi(doorUrl, keyOf(String(last.key)))
  return {
    subject: options.subject,
    topology: options.topology,
    ...{ folder, crm, control: controlOf(crm.control), relay, api, postgres, probe, cli },
    apiAs: (credential) => hubApi(doorUrl, credential),
    door: () => slots[0]!.running!,
    workers: () => slots.slice(1).map((slot) => slot.running!),
    async restartDead() {
      if (postgres.isDead()) await postgres.restart()
      for (const slot of slots) if (slot.running?.ended() !== null) await start(slot)
    },
    connect: (phase) => options.subject.connect({ facts: { ...crm, relay: relay.url }, api, cli, folder, phase }),
    beside: besideFacts
      ? {
          ...{ subject: options.beside!.subject, crm: besideFacts, control: controlOf(besideFacts.control) },
          connect: () =>
            options.beside!.subject.connect({ facts: besideFacts, api, cli, folder, phase: 'initial sync' }),
        }
      : null,
    async close(keep) {
      if (keep) undo.shift()
      for (const one of undo.toReversed()) await one()
    },
  }
}

function slotsOf(topology: Topology): Slot[] {
  if (topology === 'alone') return [{ name: 'hub', role: 'all', port: 0, running: null }]
  const workers = workerNames.map((name): Slot => ({ name, role: 'work', port: 0, running: null }))
  return [{ name: 'web', role: 'web', port: 0, running: null }, ...workers]
}

function environment(hosts: readonly string[], relay: HookRelay, data: string): NodeJS.ProcessEnv {
  const { DATABASE_URL: _url, ...outer } = process.env
  return {
    ...Object.fromEntries(Object.entries(outer).filter(([name]) => !name.startsWith('JACKFIELD_'))),
    JACKFIELD_DATA: data,
    JACKFIELD_ALLOW_HOSTS: [...new Set(hosts)].join(','),
    JACKFIELD_PUBLIC_URL: relay.url,
    JACKFIELD_LOG_FORMAT: 'json',
  }
}

function envOf(env: NodeJS.ProcessEnv, slot: Slot, url: string | null, probe: EpochProbe | null): NodeJS.ProcessEnv {
  if (url === null) return env
  return { ...env, DATABASE_URL: slot.role === 'work' ? probe!.urlFor(slot.name) : url }
}

interface HubStart {
  slot: Slot
  env: NodeJS.ProcessEnv
  folder: string
  program: string
  probe: EpochProbe | null
}

function startHub({ slot, env, folder, program, probe }: HubStart): Promise<Running> {
  return startProgram({
    name: slot.name,
    file: join(program, 'src/main.ts'),
    // The port of the first start is kept: a load balancer in front would know it.
    args: ['serve', '--port', String(slot.port), '--role', slot.role, '--json'],
    cwd: program,
    env,
    log: join(folder, `logs/${slot.name}.log`),
    ...(probe && slot.role === 'work' ? { onSpawn: (pid: number) => probe.enrol(slot.name, pid) } : {}),
  })
}

function startSimulator(
  folder: string,
  { subject, records, seed }: Pick<WorldOptions, 'subject' | 'records' | 'seed'>,
  name = 'simulator',
): Promise<Running> {
  return startProgram({
    name,
    file: join(project, subject.simulator.file),
    args: subject.simulator.args({ records, seed }),
    cwd: project,
    env: process.env,
    log: join(folder, `logs/${name}.log`),
  })
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Control, controlOf, setUpMs } from '../clients.ts'
import { readRecords } from '../judge.ts'
import { type Running, startProgram } from '../processes.ts'
import type { World } from '../world.ts'

const project = join(import.meta.dirname, '../../..')

export interface CentreOptions {
  world: World
  /** Where it tells. */
  hub: string
  interactions: number
  seed: number
  /** By a signed webhook, or by an API key. */
  door: 'signature' | 'key'
}

export interface Centre {
  running: Running
  control: Control
  source: string
}

export interface CentreCounts {
  begun: number
  finished: number
  refused: number
  problem: string | null
}

const source = 'centre'
/** Enough for as many calls as begin while others last. */
const agents = Array.from({ length: 120 }, (_, i) => `agent-${i + 1}`)
/**
 * The centre's minute is a second, in which so many begin: about as many as two processors carry beside all that strikes.
 */
const speed = 60
const rate = 14

export async function startCentre({ world, hub, interactions, seed, door }: CentreOptions): Promise<Centre> {
  const running = await startProgram({
    name: 'contact centre',
    file: join(project, 'simulators/calls/main.ts'),
    args: [
      ...['--hub', hub, '--source', source, '--agents', agents.join(',')],
      ...['--count', String(interactions), '--rate', String(rate), '--speed', String(speed), '--seed', String(seed)],
      ...['--faults', 'all', '--stay', '--json', ...(await proofOf(world, door))],
    ],
    cwd: project,
    env: process.env,
    log: join(world.folder, 'logs/centre.log'),
  })
  return { running, control: controlOf(String(running.facts.control)), source }
}

/** By key it asks the hub whose numbers there are; by signature it is told. */
async function proofOf({ api, cli, folder }: World, door: 'signature' | 'key'): Promise<string[]> {
  const file = join(folder, 'centre-secret')
  if (door === 'key') {
    const scopes = ['--scope', 'send:interactions', 'read:records']
    const { last } = await cli(['key', 'create', ...scopes, '--name', 'centre', '--json'])
    await writeFile(file, String(last.key), { mode: 0o600 })
    return ['--key-file', file]
  }
  const made = await api.ask<{ secret: string }>('POST', '/interaction-sources', { name: source }, setUpMs)
  await writeFile(file, made.secret, { mode: 0o600 })
  const numbers = join(folder, 'numbers')
  await writeFile(numbers, (await numbersOf(api)).join('\n'))
  return ['--secret-file', file, '--numbers-from', numbers]
}

type WithPhones = { phones: { e164: string | null }[] }

/** Numbers that one record alone has: whoever has a number with others is chosen by an agent, and not linked by itself. */
async function numbersOf(api: World['api']): Promise<string[]> {
  const records = (await readRecords(api)) as unknown as WithPhones[]
  const ofEach = records.map(({ phones }) => [...new Set(phones.flatMap(({ e164 }) => e164 ?? []))])
  const times = new Map<string, number>()
  for (const number of ofEach.flat()) times.set(number, (times.get(number) ?? 0) + 1)
  return ofEach.flatMap((numbers) => numbers.find((number) => times.get(number) === 1) ?? [])
}

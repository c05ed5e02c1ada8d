import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectorOf } from '#connectors/registry.ts'
import type { Subject, World } from '../connectors/world.ts'
import { copyProgram } from '../torture/program.ts'
import { type Behaviour, lackOf } from './behaviour.ts'
import { reasonOf } from './cells.ts'
import { type Lie, lies } from './lies.ts'
import { createScope } from './scope.ts'
import { createStage } from './stage.ts'

const folder = join(import.meta.dirname, 'planted')

/** A fault in a copy of the program, which turns the cells of these behaviours to failed. */
export interface Patch {
  name: string
  breaks: string
  shows: string[]
  /** The connectors that it is planted for; every one that can show the behaviour where it names none. */
  crms: string[] | null
  text: string
}

export async function readPatches(): Promise<Patch[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.patch')).sort()
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8')
      const head = text.slice(0, text.indexOf('\n--- ')).trim().split('\n')
      const line = (name: string) => head.find((one) => one.startsWith(`${name}: `))?.slice(name.length + 2) ?? null
      const shows = (line('Shows') ?? '').replace(/\.$/, '').split('; ')
      return {
        name: file.replace(/\.patch$/, ''),
        breaks: head[0]!,
        shows,
        crms: line('For')?.split('; ') ?? null,
        text,
      }
    }),
  )
}

/** A CRM that lies: where no fault of the hub breaks a behaviour without breaking everything. */
export const falseWorlds: Record<string, Lie> = {
  'delete before create': (world: World) => {
    world.remove = async () => undefined
  },
}

interface Finding {
  behaviour: string
  connector: string
  by: string
  /** How the cell failed; null: it passed all the same. */
  found: string | null
  seconds: number
}

export interface PlantedOptions {
  subjects: readonly Subject[]
  chosen: readonly Behaviour[]
}

/** One fault for each behaviour, tried on each connector that can show it; each has to turn its cell to failed. */
export async function runPlanted({ subjects, chosen }: PlantedOptions): Promise<boolean> {
  const findings: Finding[] = []
  const patches = await readPatches()
  for (const behaviour of chosen) {
    const patch = patches.find(({ shows }) => shows.includes(behaviour.name)) ?? null
    for (const subject of ableTo(behaviour, patch, subjects)) {
      const finding = await hunt(behaviour, subject, patch)
      findings.push(finding)
      const { found, by, connector, seconds } = finding
      console.log(`${found === null ? '✗' : '✓'} ${behaviour.name}  (${connector}, ${by})  ${seconds} s`)
      console.log(`      ${(found ?? 'not found').split('\n')[0]}`)
    }
  }
  const notFound = findings.filter(({ found }) => found === null)
  const ok = findings.length > 0 && notFound.length === 0
  const missed = notFound.map(({ connector, behaviour, by }) => ({ connector, behaviour, by }))
  const found = findings.length - missed.length
  console.log(JSON.stringify({ name: 'conformance-planted', ok, planted: findings.length, found, missed, findings }))
  return ok
}

function ableTo(behaviour: Behaviour, patch: Patch | null, subjects: readonly Subject[]): Subject[] {
  return subjects.filter(({ crm }) => {
    const isMeant = patch?.crms?.includes(crm) ?? true
    return isMeant && lackOf(behaviour, connectorOf(crm).manifest) === null
  })
}

async function hunt(behaviour: Behaviour, subject: Subject, patch: Patch | null): Promise<Finding> {
  const began = performance.now()
  const lie = lies[behaviour.name] ?? falseWorlds[behaviour.name]
  const by = patch?.name ?? (lie ? 'a lie' : 'nothing')
  const found = patch ? await withPatch(patch, subject, behaviour) : lie ? await withLie(lie, subject, behaviour) : null
  const seconds = Math.round((performance.now() - began) / 100) / 10
  return { behaviour: behaviour.name, connector: subject.crm, by, found, seconds }
}

async function withPatch(patch: Patch, subject: Subject, behaviour: Behaviour): Promise<string | null> {
  const program = await copyProgram(patch.text)
  try {
    return await howItFails(subject, behaviour, { program: join(program.folder, 'src/main.ts') })
  } finally {
    await program.remove()
  }
}

const withLie = (spoil: Lie, subject: Subject, behaviour: Behaviour) => howItFails(subject, behaviour, { spoil })

async function howItFails(
  subject: Subject,
  behaviour: Behaviour,
  options: { program?: string; spoil?: Lie },
): Promise<string | null> {
  const scope = createScope(`planted: ${behaviour.name}`)
  const stage = createStage(subject, scope, options)
  try {
    // A hub that does not even start has found nothing.
    await stage.open(behaviour)
    return await stage.play(behaviour).then(
      () => null,
      (error: unknown) => reasonOf(error),
    )
  } finally {
    await scope.end().catch((error: unknown) => console.error(reasonOf(error)))
  }
}

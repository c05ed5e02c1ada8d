import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyProgram } from '../program.ts'
import { mix } from '../random.ts'
import { runDay } from './day.ts'
import { type DaysOptions, planDay } from './days.ts'

const folder = join(import.meta.dirname, '../planted/desktop')

/** A fault of the desktop, kept as a patch: what it breaks, and how it is told. */
export interface DesktopFault {
  name: string
  breaks: string
  /** The kind of difference that is of this fault; empty: any is. */
  toldAs: string
  /** The strike without which it does not show: a day of it begins with that one. */
  struckBy: string | undefined
  patch: string
}

export async function desktopFaults(): Promise<DesktopFault[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.patch')).sort()
  return Promise.all(
    files.map(async (file) => {
      const patch = await readFile(join(folder, file), 'utf8')
      const [breaks = '', ...lines] = patch.slice(0, patch.indexOf('\n--- ')).trim().split('\n')
      const said = (what: string) => lines.find((line) => line.startsWith(`${what}: `))?.slice(what.length + 2)
      const name = file.replace(/\.patch$/, '')
      return { name, breaks, toldAs: said('Told as') ?? '', struckBy: said('Struck by'), patch }
    }),
  )
}

const mostDays = 5

interface Hunted {
  /** The day that found it; null: none did. */
  day: number | null
  by: string | null
}

/** Plants one fault after the other; each has to be found by ordinary, short days. */
export async function runPlantedDays(options: Omit<DaysOptions, 'program'> & { part?: string }): Promise<boolean> {
  const faults = (await desktopFaults()).filter(({ name }) => name.includes(options.part ?? ''))
  const days: Record<string, number | null> = {}
  for (const fault of faults) {
    const { day, by } = await hunt(fault, options)
    days[fault.name] = day
    const how = day === null ? `not found in ${mostDays} days` : `found on day ${day}: ${by}`
    console.log(`${day === null ? '✗' : '✓'} ${fault.name}: ${how}`)
  }
  const found = Object.values(days).filter((day) => day !== null).length
  const ok = found === faults.length && found > 0
  const { seed } = options
  console.log(JSON.stringify({ name: 'torture-desktop-planted', planted: faults.length, found, ok, seed, days }))
  return ok
}

async function hunt(
  { name, toldAs, struckBy, patch }: DesktopFault,
  options: Omit<DaysOptions, 'program'>,
): Promise<Hunted> {
  const program = await copyProgram(patch)
  const seed = mix(options.seed, name)
  try {
    for (let day = 1; day <= mostDays; day += 1) {
      const plan = { ...planDay(day, { ...options, seed }), ...(struckBy === undefined ? {} : { first: struckBy }) }
      const { differences } = await runDay({ ...plan, program: program.folder })
      const first = differences.find(({ kind }) => toldAs === '' || kind === toldAs)
      if (first) return { day, by: `${first.kind}, ${first.told} (${differences.length} in all)` }
      for (const { kind, told } of differences) console.log(`  ${name}: of something else: ${kind}, ${told}`)
      console.log(`  ${name}: nothing on day ${day}`)
    }
    return { day: null, by: null }
  } finally {
    await program.remove()
  }
}

import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Phase, phases, type Victim, victims } from './phases.ts'

const project = join(import.meta.dirname, '../..')
const plantedFolder = join(import.meta.dirname, 'planted')

/** The program under torture: a copy, so that a run sees one state of `src`, with a fault planted or without. */
export interface Program {
  folder: string
  remove(): Promise<void>
}

export async function copyProgram(patch?: string): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'jackfield-program-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    for (const name of ['package.json', 'src', 'migrations']) {
      await cp(join(project, name), join(folder, name), { recursive: true })
    }
    // Node strips no types below node_modules, which these are not.
    for (const name of ['node_modules', 'simulators']) await symlink(join(project, name), join(folder, name))
    if (patch !== undefined) await applyPatch(folder, patch)
    return { folder, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** A fault kept in `planted/`: what it breaks, and how. */
export interface PlantedFault {
  name: string
  breaks: string
  /** Where its damage shows: the cells of the table that are worth striking. */
  hurts: { victims: readonly Victim[]; phases: readonly Phase[] }
  /** How a finding begins that is of this fault; empty: any is. */
  toldAs: string
  patch: string
}

export async function plantedFaults(): Promise<PlantedFault[]> {
  const files = (await readdir(plantedFolder)).filter((name) => name.endsWith('.patch')).sort()
  return Promise.all(
    files.map(async (file) => {
      const patch = await readFile(join(plantedFolder, file), 'utf8')
      const [head = '', toldAs = ''] = patch.slice(0, patch.indexOf('\n--- ')).trim().split('\nTold as: ')
      const [breaks = '', hurts = ''] = head.split('\nHurts: ')
      return { name: file.replace(/\.patch$/, ''), breaks, hurts: readHurts(file, hurts), toldAs, patch }
    }),
  )
}

/** `hub, worker during initial sync, hints.` */
function readHurts(file: string, text: string): PlantedFault['hurts'] {
  const [who = '', when = ''] = text.replace(/\.$/, '').split(' during ')
  const hurts = {
    victims: victims.filter((victim) => who.split(', ').includes(victim)),
    phases: phases.filter((phase) => when.split(', ').includes(phase)),
  }
  if (hurts.victims.length === 0 || hurts.phases.length === 0) throw new Error(`${file} does not say where it hurts`)
  return hurts
}

interface Hunk {
  file: string
  before: string
  after: string
}

/** The hunks of a unified diff; where they stand is found by their text, so that the lines around may move. */
function readPatch(patch: string): Hunk[] {
  const hunks: Hunk[] = []
  let file = ''
  for (const line of patch.slice(patch.indexOf('--- ')).split('\n')) {
    const named = /^\+\+\+ b\/(.+)$/.exec(line)?.[1]
    if (named !== undefined) file = named
    if (/^(---|\+\+\+) /.test(line)) continue
    if (line.startsWith('@@')) hunks.push({ file, before: '', after: '' })
    const hunk = hunks.at(-1)
    if (!hunk || line.startsWith('@@') || line === '') continue
    if (line[0] !== '+') hunk.before += `${line.slice(1)}\n`
    if (line[0] !== '-') hunk.after += `${line.slice(1)}\n`
  }
  return hunks
}

/** Throws where the text that a hunk changes is not there exactly once. */
async function applyPatch(folder: string, patch: string): Promise<void> {
  for (const { file, before, after } of readPatch(patch)) {
    const path = join(folder, file)
    const text = await readFile(path, 'utf8')
    const places = text.split(before).length - 1
    if (places !== 1) throw new Error(`${file}: the text to be changed is there ${places} times:\n${before}`)
    // A function, since the replacement may hold `$&`.
    await writeFile(
      path,
      text.replace(before, () => after),
    )
  }
}

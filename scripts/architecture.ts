import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transitions as connectionTransitions } from '#connections/connection.ts'
import { transitions as writeTransitions } from '#outbox/write.ts'
import { runTransitions } from '#sync/run.ts'
import { rows } from '../.dependency-cruiser.mjs'
import { steps } from '../src/desktop/interaction.ts'

const root = join(import.meta.dirname, '..')

/** What ARCHITECTURE.md takes from the code: each stands there between `<!-- name -->` and `<!-- /name -->`. */
const parts: Record<string, () => string> = {
  rows: rowTable,
  'states of a connection': () => diagram(connectionTransitions),
  'states of a sync run': () => diagram(runTransitions),
  'states of a write': () => diagram(writeTransitions),
  'states of an interaction': () =>
    diagram(
      Object.fromEntries(Object.entries(steps).map(([state, next]) => [state, [...new Set(Object.values(next))]])),
    ),
}

function rowTable(): string {
  const show = (folder: string) => (existsSync(join(root, 'src', folder)) ? `\`${folder}\`` : `_${folder}_`)
  const lines = rows.map((row, index) => `| ${index + 1} | ${row.map(show).join(' ')} |`)
  return ['| row | folders |', '|---|---|', ...lines].join('\n')
}

function diagram(transitions: Record<string, readonly string[]>): string {
  const arrows = Object.entries(transitions).flatMap(([from, targets]) =>
    // A step to itself changes nothing that a picture shows.
    targets.filter((to) => to !== from).map((to) => `  ${from} --> ${to}`),
  )
  const [first] = Object.keys(transitions)
  const ends = Object.keys(transitions).filter((state) => transitions[state]?.length === 0)
  return [
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${first}`,
    ...arrows,
    ...ends.map((state) => `  ${state} --> [*]`),
    '```',
  ].join('\n')
}

/** The text with all that the code knows put in anew. */
export function renderArchitecture(text: string): string {
  return Object.entries(parts).reduce((before, [name, make]) => {
    const [opening, closing] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`]
    const [from, to] = [before.indexOf(opening), before.indexOf(closing)]
    if (from < 0 || to < from) throw new Error(`ARCHITECTURE.md has no place for the ${name}`)
    return before.slice(0, from + opening.length) + make() + before.slice(to)
  }, text)
}

if (import.meta.main) {
  const file = join(root, 'ARCHITECTURE.md')
  writeFileSync(file, renderArchitecture(readFileSync(file, 'utf8')))
}

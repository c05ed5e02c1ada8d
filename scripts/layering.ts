import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What is looked at: sources, never built output. */
const folders = ['src', 'web/src', 'test', 'simulators', 'bench', 'scripts']

export interface Violation {
  rule: string
  from: string
  to: string
}

export interface Layering {
  violations: Violation[]
  /** Files of the folders that the look did not reach: a parser that is missing or unfit makes it see none at all. */
  unseen: string[]
  seen: number
}

interface Cruise {
  modules: { source: string; followable?: boolean }[]
  summary: { violations: { rule: { name: string }; from: string; to: string; cycle?: { name: string }[] }[] }
}

/** Holds every import below `root` against `.dependency-cruiser.mjs` there. */
export function checkLayering(root: string): Layering {
  const files = globSync(`{${folders.join(',')}}/**/*.{ts,tsx,mjs}`, {
    cwd: root,
    exclude: ['**/planted/**', '**/dist/**'],
  })
  const { modules, summary } = cruise(root)
  const reached = new Set(modules.map((module) => module.source))
  return {
    violations: summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      from,
      to: cycle ? cycle.map((each) => each.name).join(' → ') : to,
    })),
    unseen: files.filter((file) => !reached.has(file)),
    seen: files.filter((file) => reached.has(file)).length,
  }
}

function cruise(root: string): Cruise {
  const present = folders.filter((folder) => globSync(folder, { cwd: root }).length > 0)
  const program = fileURLToPath(new URL('../../bin/dependency-cruiser.mjs', import.meta.resolve('dependency-cruiser')))
  const options = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json']
  const run = spawnSync(process.execPath, [program, ...options, ...present], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  // With an output in JSON the exit code is the number of errors, so only what is printed tells whether it ran.
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser did not run: ${run.stderr || run.stdout}`)
  return JSON.parse(run.stdout) as Cruise
}

/** For people: a line for each thing wrong, with the rule's advice. */
export async function describeLayering({ violations, unseen }: Layering): Promise<string[]> {
  const { default: config } = await import('../.dependency-cruiser.mjs')
  const advice = new Map(config.forbidden.map((rule) => [rule.name, rule.comment]))
  return [
    ...violations.map(({ rule, from, to }) => `${from} → ${to}\n  ${rule}: ${advice.get(rule)}`),
    ...unseen.map((file) => `${file} was not looked at`),
  ]
}

if (import.meta.main) {
  const found = checkLayering(join(import.meta.dirname, '..'))
  for (const line of await describeLayering(found)) console.log(line)
  console.log(
    `${found.seen} files looked at, ${found.violations.length} offences, ${found.unseen.length} not looked at`,
  )
  process.exitCode = found.violations.length + found.unseen.length === 0 && found.seen > 0 ? 0 : 1
}

import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Each is a command that exits with 0 when all is well, and prints what is not. The longest comes first. */
const checks: { name: string; command: [string, ...string[]] }[] = [
  { name: 'types', command: ['tsc', '--noEmit', '--pretty', 'false'] },
  { name: 'types of the console', command: ['tsc', '--noEmit', '--pretty', 'false', '--project', 'web'] },
  { name: 'rules and docs hold', command: ['node', 'test/run.ts', 'test/check/', 'test/docs/'] },
  { name: 'dead code', command: ['knip', '--no-progress', '--treat-config-hints-as-errors'] },
  { name: 'layering', command: ['node', 'scripts/layering.ts'] },
  { name: 'nesting', command: ['node', 'scripts/nesting.ts'] },
  { name: 'lint and format', command: ['biome', 'check', '--error-on-warnings', '--max-diagnostics=200', '.'] },
  { name: 'paths', command: ['node', 'scripts/paths.ts'] },
]

interface Result {
  name: string
  ok: boolean
  seconds: number
  output: string
}

async function run({ name, command: [program, ...options] }: (typeof checks)[number]): Promise<Result> {
  const began = performance.now()
  const { promise: ended, resolve } = Promise.withResolvers<number | null>()
  const child = spawn(program, options, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The tools' own programs, and for them this very Node.
    env: {
      ...process.env,
      NO_COLOR: '1',
      PATH: [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  child.on('error', (error) => {
    output += error.message
    resolve(null)
  })
  child.on('close', resolve)
  const ok = (await ended) === 0
  const seconds = Math.round((performance.now() - began) / 100) / 10
  return { name, ok, seconds, output: output.trim() }
}

function tell({ name, ok, seconds, output }: Result): void {
  console.log(`${ok ? '✓' : '✗'} ${name}  ${seconds} s`)
  if (!ok) console.log(`\n${output}\n`)
}

async function main(): Promise<void> {
  const results: Result[] = []
  const queue = [...checks]
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const result = await run(next)
      tell(result)
      results.push(result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane))
  const wrong = results.filter((result) => !result.ok)
  if (wrong.length > 0) console.log(`Not well: ${wrong.map((result) => result.name).join(', ')}`)
  if (process.argv.includes('--json')) {
    const told = results.map(({ output, ...rest }) => (rest.ok ? rest : { ...rest, output }))
    console.log(JSON.stringify({ name: 'check', ok: wrong.length === 0, checks: told }))
  }
  process.exitCode = wrong.length === 0 ? 0 : 1
}

await main()

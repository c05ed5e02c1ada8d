import { type ChildProcess, spawn } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { startTestCluster } from './support/cluster.ts'
import { type Report, reportMark } from './support/reporter.ts'

const project = join(import.meta.dirname, '..')
const seconds = 1000
const fileLimit = Number(process.env.JACKFIELD_TEST_FILE_SECONDS ?? 600) * seconds
const runLimit = Number(process.env.JACKFIELD_TEST_SECONDS ?? 3600) * seconds
/** A file whose tests have all ended and that does not end itself holds a socket, a timer or a pool open. */
const lingerLimit = 20 * seconds
// More than the processors of a small machine: most files wait for something half of their time.
const concurrency = Number(process.env.JACKFIELD_TEST_CONCURRENCY ?? 4)

/** They come first, the longest at the head, so that the run does not end with one of them alone. */
const longest = [
  'test/web/console.test.ts',
  'test/torture/short-postgres.test.ts',
  'test/torture/short-worker.test.ts',
  'test/torture/short-hub.test.ts',
  'test/torture/short-desktop.test.ts',
  'test/database/embedded.test.ts',
  'test/cli/data-folder.test.ts',
  'test/cli/hub.test.ts',
  'test/conformance/changes.test.ts',
  'test/web/rights.test.ts',
  'test/destination/faults.test.ts',
  'test/hub/wrong-connections.test.ts',
  'test/web/salesforce.test.ts',
  'test/web/table-editors.test.ts',
  'test/web/http-wizard.test.ts',
  'test/web/people.test.ts',
  'test/web/destination.test.ts',
  'test/torture/torture.test.ts',
]

const total = { passed: 0, failed: 0, skipped: 0 }
const failures: string[] = []
const excuses: string[] = []
const running = new Set<ChildProcess>()

/** The files below the known folders whose path holds one of the words; those that are over in a moment come last. */
function findFiles(words: string[]): string[] {
  const all = globSync('{test,simulators,bench,scripts,src}/**/*.test.ts', { cwd: project, exclude: ['**/planted/**'] })
  const wanted = all.filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  const place = (file: string) => {
    if (file.startsWith('src')) return longest.length + 1
    const at = longest.indexOf(file)
    return at < 0 ? longest.length : at
  }
  return wanted.sort((a, b) => place(a) - place(b) || a.localeCompare(b))
}

interface Outcome {
  passed: number
  skipped: number
  failed: { name: string; error: string }[]
  output: string
}

async function runFile(file: string): Promise<void> {
  const began = performance.now()
  const outcome: Outcome = { passed: 0, skipped: 0, failed: [], output: '' }
  await watch(startFile(file), file, outcome)
  total.passed += outcome.passed
  total.skipped += outcome.skipped
  total.failed += outcome.failed.length
  const took = ((performance.now() - began) / seconds).toFixed(1)
  const counts = [`${outcome.passed} passed`]
  if (outcome.failed.length > 0) counts.push(`${outcome.failed.length} failed`)
  if (outcome.skipped > 0) counts.push(`${outcome.skipped} skipped`)
  console.log(`${outcome.failed.length > 0 ? '✗' : '✓'} ${file}  ${counts.join(', ')}  ${took} s`)
  for (const { name, error } of outcome.failed) {
    failures.push(`${file}: ${name}`)
    console.log(`\n  ✗ ${name}\n${indent(error)}\n`)
  }
  if (outcome.failed.length > 0 && outcome.output.trim())
    console.log(`  It printed:\n${indent(outcome.output.trim())}\n`)
}

function startFile(file: string): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--test-reporter', './test/support/reporter.ts', '--test-reporter-destination', 'stdout', file],
    // A group of its own: what the file started and left is ended with it.
    { cwd: project, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  running.add(child)
  return child
}

async function watch(child: ChildProcess, file: string, outcome: Outcome): Promise<void> {
  const { promise: ended, resolve } = Promise.withResolvers<number | string>()
  const open: string[] = []
  let linger: NodeJS.Timeout | undefined
  const giveUp = (why: string) => {
    outcome.failed.push({ name: file, error: why })
    endGroup(child)
  }
  const limit = setTimeout(
    () => giveUp(`It did not end within ${fileLimit / seconds} s. Running: ${open.join(', ')}`),
    fileLimit,
  )
  const take = (report: Report) => {
    clearTimeout(linger)
    if (report.kind === 'started') open.push(report.name)
    else if (report.kind === 'ended') open.splice(open.indexOf(report.name), 1)
    else count(report, file, outcome)
    const leak = `Its tests ended, the process did not: something is left open (socket, timer, pool, child process)`
    if (open.length === 0 && report.kind === 'ended') linger = setTimeout(() => giveUp(leak), lingerLimit)
  }
  readReports(child, outcome, take)
  child.on('error', (error) => resolve(error.message))
  child.on('close', (code, signal) => resolve(code ?? signal ?? 'an unknown cause'))
  const code = await ended
  clearTimeout(limit)
  clearTimeout(linger)
  endGroup(child)
  running.delete(child)
  if (outcome.failed.length > 0) return
  if (code !== 0) outcome.failed.push({ name: file, error: `The process ended with ${code}` })
  else if (outcome.passed + outcome.skipped === 0) outcome.failed.push({ name: file, error: 'It holds no tests' })
}

function count(report: Report, file: string, outcome: Outcome): void {
  if (report.kind === 'passed') outcome.passed++
  else if (report.kind === 'failed') outcome.failed.push(report)
  else if (report.kind === 'skipped') {
    outcome.skipped++
    excuses.push(`${file}: ${report.name}${report.why ? ` (${report.why})` : ''}`)
  }
}

/** Takes the reports out of what the file prints, and keeps the end of the rest for the case of a failure. */
function readReports(child: ChildProcess, outcome: Outcome, take: (report: Report) => void): void {
  const keep = (text: string) => {
    outcome.output = (outcome.output + text).slice(-10_000)
  }
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith(reportMark)) take(JSON.parse(line.slice(1)) as Report)
      else if (line !== '') keep(`${line}\n`)
    }
  })
  child.stderr?.setEncoding('utf8').on('data', keep)
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {}
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ')
}

async function main(): Promise<void> {
  const files = findFiles(process.argv.slice(2))
  process.env.PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  // Some hundred processes load the same files; what the first one compiled, the others find. Of this run alone: copies of
  // the program that tests make in folders of their own would pile up there.
  const compiled = mkdtempSync(join(tmpdir(), 'jackfield-compiled-'))
  process.env.NODE_COMPILE_CACHE ??= compiled
  process.once('exit', () => rmSync(compiled, { recursive: true, force: true }))
  const cluster = files.some((file) => !file.startsWith('src')) ? await startTestCluster() : undefined
  if (cluster) process.env.JACKFIELD_TEST_DATABASE_URL = cluster.url
  const stopAll = async (why: string) => {
    console.log(why)
    for (const child of running) endGroup(child)
    await cluster?.stop()
    process.exit(1)
  }
  process.once('SIGINT', () => void stopAll('Interrupted'))
  process.once('SIGTERM', () => void stopAll('Interrupted'))
  const limit = setTimeout(() => void stopAll(`The run did not end within ${runLimit / seconds} s`), runLimit)
  const queue = [...files]
  const lane = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) await runFile(file)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  clearTimeout(limit)
  await cluster?.stop()
  for (const excuse of excuses) console.log(`skipped  ${excuse}`)
  for (const failure of failures) console.log(`failed   ${failure}`)
  if (files.length === 0) console.log('No test file matches')
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`)
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
}

await main()

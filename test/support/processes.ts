import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { clusterData } from '#database/embedded-cluster.ts'
import { stopPostmaster } from '#database/embedded-postmaster.ts'
import type { TestScope } from './database.ts'
import { quickFolder } from './quick-folder.ts'

const project = join(import.meta.dirname, '../../src/main.ts')

export interface ProcessOptions {
  dataFolder: string
  /** Absent: the embedded Postgres of the data folder. */
  databaseUrl?: string
  environment?: Record<string, string>
  /** The `main.ts` that is run, where it is not the project's: one with a fault planted. */
  program?: string
}

export interface Reply {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  json: any
}

export interface AskInit extends Omit<RequestInit, 'headers'> {
  /** Null sends none; absent: a key with every scope. */
  key?: string | null
  json?: unknown
  headers?: Record<string, string>
}

/** A hub as `jackfield serve` runs it. */
export interface HubProcess {
  url: string
  signIn: string | null
  pid: number
  /** Everything that it printed. */
  printed(): string
  ask(path: string, init?: AskInit): Promise<Reply>
  signal(signal: NodeJS.Signals): void
  readonly ended: Promise<number | NodeJS.Signals>
  /** As Ctrl-C does; answers how it ended. */
  stop(): Promise<number | NodeJS.Signals>
}

export interface CliResult {
  code: number | NodeJS.Signals
  stdout: string
  stderr: string
  /** The last line of its standard output, where that is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  json: any
}

export async function temporaryFolder(t: Pick<TestScope, 'after'>): Promise<string> {
  const folder = await mkdtemp(join(quickFolder(), 'jackfield-hub-'))
  last(t, () => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** Hooks run in the order of their making; what others may still use until their own has run goes behind them all. */
export function last(t: Pick<TestScope, 'after'>, hook: () => Promise<void>): void {
  t.after(async () => t.after(hook))
}

function start(
  args: readonly string[],
  { dataFolder, databaseUrl, environment, program = project }: ProcessOptions,
): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(JACKFIELD_|DATABASE_URL$)/.test(name))
  return spawn(process.execPath, [program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(inherited),
      JACKFIELD_DATA: dataFolder,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      ...environment,
    },
  })
}

/** `close` comes when nobody holds its output any more, `exit` also while a database that it left behind does. */
function end(child: ChildProcess, event: 'close' | 'exit'): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once(event, (code, signal) => resolve(signal ?? code ?? 0))
  })
}

/** Runs a command to its end. */
export async function runCli(
  args: readonly string[],
  options: ProcessOptions & { input?: string },
): Promise<CliResult> {
  const child = start(args, options)
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(options.input ?? '')
  const code = await end(child, 'close')
  return { code, stdout, stderr, json: parsed(stdout.trimEnd().split('\n').at(-1) ?? '') }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const stopWithinMs = 20_000

/** Starts `jackfield serve`, and stops it after the test however the test left it: asleep, dead or well. */
export async function serve(
  t: Pick<TestScope, 'after'>,
  options: ProcessOptions & { role?: 'web' | 'work' | 'all'; args?: readonly string[] },
): Promise<HubProcess> {
  const { role = 'all', args = [] } = options
  const child = start(['serve', '--json', '--port', '0', '--role', role, ...args], options)
  const ended = end(child, 'exit')
  ended.catch(() => undefined)
  let printed = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    printed += text
  })
  const stop = () => {
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    const limit = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    return ended.finally(() => clearTimeout(limit))
  }
  t.after(async () => {
    await stop()
    // One that was killed leaves its Postgres running, for the next to adopt.
    if (options.databaseUrl === undefined) await stopPostmaster(clusterData(options.dataFolder))
  })
  const { promise: firstLine, resolve, reject } = Promise.withResolvers<string>()
  createInterface({ input: child.stdout! }).on('line', (line) => {
    printed += `${line}\n`
    resolve(line)
  })
  void ended.then((how) => reject(new Error(`The hub ended at once (${how}): ${printed}`)), reject)
  const told = JSON.parse(await firstLine) as { url: string; signIn: string | null; pid: number }
  if (!told.url) throw new Error(`The hub did not start: ${printed}`)
  let key: Promise<string> | undefined
  const fullKey = () => {
    key ??= makeKey(options, 'all')
    return key
  }
  return {
    ...told,
    printed: () => printed,
    ask: async (path, init = {}) => ask(told.url + path, init.key === undefined ? await fullKey() : init.key, init),
    signal: (signal) => void child.kill(signal),
    ended,
    stop,
  }
}

/** By the command line, as an operator does. */
export async function makeKey(options: ProcessOptions, ...scopes: string[]): Promise<string> {
  const made = await runCli(['key', 'create', '--json', '--scope', ...scopes], options)
  if (made.code !== 0) throw new Error(`No key: ${made.stdout}${made.stderr}`)
  return made.json.key
}

async function ask(url: string, key: string | null, { key: _key, json, ...init }: AskInit): Promise<Reply> {
  const headers = new Headers(init.headers)
  if (key !== null) headers.set('authorization', `Bearer ${key}`)
  if (json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  const response = await fetch(url, { method: json === undefined ? 'GET' : 'POST', ...init, ...body, headers })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
  return { status: response.status, headers: response.headers, text, json: isJson ? parsed(text) : undefined }
}

export interface SimulatedCrm {
  url: string
  authority: string
  tenant: string
  clientId: string
  clientSecret: string
}

/** Connects by the command line; what `over` names replaces what is right. */
export function connectByCli(
  options: ProcessOptions,
  crm: SimulatedCrm,
  over: Partial<SimulatedCrm> & { name?: string } = {},
): Promise<CliResult> {
  const { url, authority, tenant, clientId, clientSecret } = { ...crm, ...over }
  const args = ['connect', 'dynamics', '--url', url, '--authority', authority, '--client-id', clientId]
  if (tenant !== '') args.push('--tenant', tenant)
  if (over.name !== undefined) args.push('--name', over.name)
  return runCli([...args, '--client-secret-file', '-', '--json'], { ...options, input: clientSecret })
}

/** Waits for what no clock can promise; the limit is far beyond any machine's slowness. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  limitMs = 60_000,
): Promise<T> {
  const last = performance.now() + limitMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > last) throw new Error(`This did not come within ${limitMs / 1000} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

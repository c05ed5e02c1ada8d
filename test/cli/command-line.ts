import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestScope } from '../support/database.ts'
import { quickFolder } from '../support/quick-folder.ts'

export const program = join(import.meta.dirname, '../../src/main.ts')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** The last line, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  last: any
}

type Environment = Record<string, string>

function start(args: readonly string[], environment: Environment) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(JACKFIELD_|DATABASE_URL|NODE_TEST)/.test(name))
  return spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs one command to its end. */
export async function jackfield(args: readonly string[], environment: Environment = {}): Promise<Ended> {
  const child = start(args, environment)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  const line = stdout.trim().split('\n').at(-1) ?? ''
  return { code, stdout, stderr, last: /^[{[]/.test(line) ? JSON.parse(line) : undefined }
}

export interface Started {
  /** The first line, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  first: any
  pid: number
  lines: string[]
  stderr(): string
  /** Asks it to end and answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts a command that goes on, and waits for its first line. */
export async function startJackfield(
  t: TestScope,
  args: readonly string[],
  environment: Environment = {},
): Promise<Started> {
  const child = start(args, environment)
  const closed = once(child, 'close') as Promise<[number | null]>
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    return (await closed)[0]
  }
  t.after(async () => {
    await stop()
  })
  const lines: string[] = []
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const first = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      resolve(line)
    })
    void closed.then(() => reject(new Error(`It ended before it was ready:\n${stderr}`)))
  })
  return { first: JSON.parse(first), pid: child.pid!, lines, stderr: () => stderr, stop }
}

export async function newFolder(t: TestScope): Promise<string> {
  const folder = await mkdtemp(join(quickFolder(), 'jackfield-cli-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

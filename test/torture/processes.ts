import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

/** A process of the world under torture. */
export interface Running {
  name: string
  pid: number
  /** The first line that it printed, as JSON. */
  facts: Record<string, unknown>
  /** Null while it lives. */
  ended(): string | null
  signal(signal: NodeJS.Signals): void
  /** Resolves when it is gone. */
  gone: Promise<void>
}

const living = new Set<ChildProcess>()

export interface ProgramOptions {
  name: string
  file: string
  args: readonly string[]
  cwd: string
  env: NodeJS.ProcessEnv
  /** What it writes to standard error goes there. */
  log: string
  /** Called at once, before the program has begun. */
  onSpawn?: (pid: number) => Promise<void>
}

function spawnLogged({ file, args, cwd, env, log }: ProgramOptions): ChildProcess {
  const errors = openSync(log, 'a')
  const child = spawn(process.execPath, [file, ...args], { cwd, env, stdio: ['ignore', 'pipe', errors] })
  closeSync(errors)
  living.add(child)
  return child
}

/** Starts a Node program and waits for its first line of JSON. */
export async function startProgram(options: ProgramOptions): Promise<Running> {
  const child = spawnLogged(options)
  let ended: string | null = null
  const { promise: gone, resolve: onGone } = Promise.withResolvers<void>()
  child.once('error', (error) => {
    ended = error.message
    onGone()
  })
  child.once('exit', (code, signal) => {
    ended = String(code ?? signal)
    living.delete(child)
    onGone()
  })
  if (child.pid !== undefined) await options.onSpawn?.(child.pid)
  const lines = createInterface({ input: child.stdout! })
  const { promise: first, resolve: onLine } = Promise.withResolvers<string | null>()
  lines.once('line', onLine)
  void gone.then(() => onLine(null))
  const line = await first
  lines.on('line', () => undefined)
  if (line === null) throw new Error(`${options.name} ended with ${ended}: ${tail(options.log)}`)
  return {
    name: options.name,
    pid: child.pid!,
    facts: JSON.parse(line) as Record<string, unknown>,
    ended: () => ended,
    signal: (signal) => void child.kill(signal),
    gone,
  }
}

/** Runs a program to its end and answers the last JSON object that it printed. */
export async function runProgram(
  options: Omit<ProgramOptions, 'onSpawn'>,
): Promise<{ code: number; last: Record<string, unknown> }> {
  const child = spawnLogged(options)
  let printed = ''
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk
  })
  const { promise, resolve } = Promise.withResolvers<number>()
  child.once('close', (code) => resolve(code ?? -1))
  const code = await promise
  living.delete(child)
  const last = printed.trim().split('\n').at(-1) ?? ''
  if (!last.startsWith('{')) throw new Error(`${options.name} (exit ${code}) printed no JSON: ${tail(options.log)}`)
  return { code, last: JSON.parse(last) as Record<string, unknown> }
}

const tail = (file: string) => readFileSync(file, 'utf8').slice(-1500)

/** Ends what still runs, asleep or awake; for a run that is broken off. */
export function killAll(): void {
  for (const child of living) child.kill('SIGKILL')
}

/** Kills and waits. A process that is stopped dies of it too. */
export async function kill(running: Running): Promise<void> {
  running.signal('SIGKILL')
  await running.gone
}

/** Waits for a condition with a limit that says what was waited for. */
export async function until<T>(
  what: string,
  seconds: number,
  condition: () => Promise<T | false | null | undefined>,
  everyMs = 100,
): Promise<T> {
  const limit = performance.now() + seconds * 1000
  for (;;) {
    const found = await condition()
    if (found) return found
    if (performance.now() > limit) throw new TimeoutError(what, seconds)
    await wait(everyMs)
  }
}

/** What was waited for did not come. */
export class TimeoutError extends Error {
  constructor(what: string, seconds: number) {
    super(`${what} did not come about within ${seconds} s`)
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const project = join(import.meta.dirname, '..')

/** A program that keeps running, known by the first JSON line it printed. */
export interface Running<T> {
  told: T
  pid: number
  stop(): Promise<void>
}

export interface ProgramOptions {
  env?: Record<string, string>
  /** Flags of node itself, before the program. */
  nodeFlags?: readonly string[]
}

const started = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of started) child.kill('SIGTERM')
})

/** Node 24 runs every program, whatever the machine's own Node is: the one that runs the bench. */
function start(program: readonly string[], options: ProgramOptions): ChildProcess {
  const child = spawn(process.execPath, [...(options.nodeFlags ?? []), ...program], {
    cwd: project,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  child.once('exit', () => started.delete(child))
  return child
}

/** Starts a program that serves, and waits for its first line. */
export async function startProgram<T>(program: readonly string[], options: ProgramOptions = {}): Promise<Running<T>> {
  const child = start(program, options)
  const errors = lastOf(child)
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  createInterface({ input: child.stdout! }).once('line', (line) => resolve(JSON.parse(line) as T))
  child.once('error', reject)
  child.once('exit', (code) => reject(new Error(`${program.join(' ')} ended (${code}): ${errors()}`)))
  const told = await promise
  return { told, pid: child.pid!, stop: () => end(child) }
}

/** Runs a program to its end; answers the last JSON line it printed. */
export async function runProgram<T>(program: readonly string[], options: ProgramOptions = {}): Promise<T> {
  const child = start(program, options)
  const errors = lastOf(child)
  let last = ''
  createInterface({ input: child.stdout! }).on('line', (line) => {
    last = line
  })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  const code = await promise
  if (code !== 0) throw new Error(`${program.join(' ')} ended with ${code}: ${errors()} ${last}`)
  return JSON.parse(last) as T
}

/** The end of what it complains of; must be read anyway, or the pipe fills and it stops. */
function lastOf(child: ChildProcess): () => string {
  let text = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-3_000)
  })
  return () => text
}

const killAfterMs = 20_000

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('exit', () => resolve())
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  await promise
  clearTimeout(timer)
}

/** The most memory that a process ever had resident, as Linux counts it. Megabytes. */
export function peakMemory(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / 1024)
}

/** Processor seconds that a process has used, its threads included. */
export function processorSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

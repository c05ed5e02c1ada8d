import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
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

/** Runs a program to its end; answers the last JSON line it printed, and the processor seconds it took (its last moment apart). */
export async function runProgram<T>(
  program: readonly string[],
  options: ProgramOptions = {},
): Promise<T & { processorSeconds: number }> {
  const child = start(program, options)
  let used = 0
  const look = setInterval(() => {
    used = processorSeconds(child.pid!) ?? used
  }, 100)
  const errors = lastOf(child)
  let last = ''
  createInterface({ input: child.stdout! }).on('line', (line) => {
    last = line
  })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  const code = await promise
  clearInterval(look)
  if (code !== 0) throw new Error(`${program.join(' ')} ended with ${code}: ${errors()} ${last}`)
  return { ...(JSON.parse(last) as T), processorSeconds: used }
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

interface Stat {
  parent: number
  own: number
  /** Of its children that have ended. */
  ended: number
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    return { parent: fields[1]!, own: (fields[11]! + fields[12]!) / 100, ended: (fields[13]! + fields[14]!) / 100 }
  } catch {
    return undefined
  }
}

/** Processor seconds that a process has used, its threads included; undefined when it is gone. */
export function processorSeconds(pid: number): number | undefined {
  return statOf(pid)?.own
}

/** Of a process, its parent and all children of that parent, ended ones too: of a Postgres, by one of its backends. */
export function familySeconds(pid: number): number {
  const { parent } = statOf(pid)!
  const { own, ended } = statOf(parent)!
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const live = children.map((name) => statOf(Number(name))).filter((stat) => stat?.parent === parent)
  return live.reduce((sum, stat) => sum + stat!.own, own + ended)
}

/** Processor seconds that the host has kept from this machine since it started; 0 where the machine is nobody's guest. */
export function stolenSeconds(): number {
  return Number(readFileSync('/proc/stat', 'utf8').split('\n')[0]!.trim().split(/\s+/)[8]) / 100
}

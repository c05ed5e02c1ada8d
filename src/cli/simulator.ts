import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Failure } from './failure.ts'
import { simulatorProgram } from './simulate.ts'

/** What a simulator prints first. */
interface Printed {
  url: string
  /** Address of its door for tests and demos. */
  control: string
  /** What an HTTP API is like. */
  definition?: unknown
}

export interface RunningSimulator extends Printed {
  /** Names and secrets that connecting takes, each kind of CRM its own. */
  facts: Readonly<Record<string, string>>
  /** Posts to its door. */
  tell(path: string, body: object): Promise<void>
  /** From now on the organisation changes by itself: so many rows a second. */
  live(changesPerSecond: number): Promise<void>
  stop(): Promise<void>
}

/** Starts a simulated organisation as a process of its own, kept in a file so that a later start takes it up again. */
export async function startSimulator(crm: string, options: readonly string[]): Promise<RunningSimulator> {
  const child = spawn(process.execPath, [simulatorProgram(crm), '--json', '--attached', ...options], {
    // Its standard input ends with this process, however that ends.
    stdio: ['pipe', 'pipe', 'pipe'],
    // A session of its own: at Ctrl-C the hub ends first, and ends it then.
    detached: true,
  })
  const stop = () => end(child)
  // Also where the demo ends by an error that nobody caught.
  const atExit = () => child.kill('SIGTERM')
  process.once('exit', atExit)
  child.once('exit', () => process.off('exit', atExit))
  try {
    const printed = await firstLine(child)
    const { url, control, definition, ...facts } = printed
    const tell = async (path: string, body: object) => {
      const reply = await fetch(`${control}/${path}`, { method: 'POST', body: JSON.stringify(body) })
      if (!reply.ok) throw new Failure({ code: 'internal', message: `The simulator refused: ${await reply.text()}` })
    }
    return { url, control, definition, facts, tell, live: (rate) => tell('churn', { rate }), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function firstLine(child: ChildProcess): Promise<Printed & Record<string, string>> {
  const { promise, resolve, reject } = Promise.withResolvers<Printed & Record<string, string>>()
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said = (said + chunk).slice(-2000)
  })
  createInterface({ input: child.stdout! }).once('line', (line) =>
    resolve(JSON.parse(line) as Printed & Record<string, string>),
  )
  child.once('error', reject)
  child.once('exit', (code) => {
    const reason = /^\w*Error: (.*)$/m.exec(said)?.[1] ?? said.trim()
    reject(new Failure({ code: 'internal', message: `The simulator ended at once (${code ?? 'killed'}): ${reason}` }))
  })
  return promise
}

const killAfterMs = 5_000

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('exit', () => resolve())
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  await promise
  clearTimeout(timer)
}

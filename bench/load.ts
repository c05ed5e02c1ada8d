import { availableParallelism } from 'node:os'
import { baseline } from './baseline.ts'
import { runProgram, stolenSeconds } from './process.ts'
import { round } from './progress.ts'

/** What the load generator of the baselines prints. Milliseconds. */
export interface Load {
  requests: number
  seconds: number
  rate: number
  p50: number
  p95: number
  p99: number
  max: number
  distinct: number
  reused: boolean
  statuses: Record<string, number>
  /** Of a machine that is a guest: the share of its processors' time that its host gave to others meanwhile. */
  stolen: number
}

export interface Loaded {
  url: string
  key?: string
  /** Paths to ask for, or bodies to post: a file with one a line. */
  targets?: string
  bodies?: string
  /** Closed loop: so many clients, each asking again when it is answered. Open loop: so many requests a second. */
  connections?: number
  rate?: number
  seconds: number
}

/** Loads a server; anything but one kind of success fails, since refusals are quick. */
export async function load(asked: Loaded, expected: number): Promise<Load> {
  const options = [
    ...['--url', asked.url, '--seconds', String(asked.seconds)],
    ...(asked.key === undefined ? [] : ['--header', `authorization: Bearer ${asked.key}`]),
    ...(asked.targets === undefined ? [] : ['--targets', asked.targets]),
    ...(asked.bodies === undefined ? [] : ['--bodies', asked.bodies]),
    ...(asked.connections === undefined ? [] : ['--connections', String(asked.connections)]),
    ...(asked.rate === undefined ? [] : ['--rate', String(asked.rate)]),
  ]
  const stolenBefore = stolenSeconds()
  const startedAt = performance.now()
  const told = await runProgram<Load>([baseline('load'), ...options], { nodeFlags: ['--max-old-space-size=6144'] })
  const processorTime = ((performance.now() - startedAt) / 1000) * availableParallelism()
  if (told.statuses[expected] !== told.requests)
    throw new Error(`not all were answered ${expected}: ${JSON.stringify(told)}`)
  return { ...told, stolen: round((stolenSeconds() - stolenBefore) / processorTime, 4) }
}

import { setTimeout as wait } from 'node:timers/promises'
import type { Violation } from './comparer/records.ts'
import type { Excuse } from './judge.ts'
import type { Movement } from './movement.ts'
import type { Victim } from './phases.ts'
import { TimeoutError, until } from './processes.ts'
import type { Chance } from './random.ts'
import type { World } from './world.ts'

/** What became of a strike. */
export interface Blow {
  /** Rows moved before it and after it. */
  counted: boolean
  before: number
  after: number
  /** The longest time in which nothing moved, from the blow on. */
  gapMs: number
}

const mostAttempts = 4

/** A round whose strike hit nothing is repeated at another moment. */
export async function repeated<P, T extends { blow: Blow; violations: Violation[] }>(
  plan: P,
  attempted: (attempt: number) => Promise<T>,
): Promise<T & { plan: P; attempts: number; seconds: number }> {
  const began = performance.now()
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attempted(attempt)
    const seconds = Math.round((performance.now() - began) / 100) / 10
    const full = { ...outcome, plan, attempts: attempt, seconds }
    if (outcome.blow.counted || outcome.violations.length > 0 || attempt === mostAttempts) return full
  }
}

/** Notes what a part of a round took, in seconds. */
export async function timedInto<T>(took: Record<string, number>, part: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  try {
    return await work()
  } finally {
    took[part] = Math.round((performance.now() - began) / 100) / 10 + (took[part] ?? 0)
  }
}

export interface Blowing {
  world: World
  victim: Victim
  strike: string
  chance: Chance
  movement: Movement
  /** So much has moved before the blow. */
  from: number
  carryOut(): Promise<void>
  timed<T>(part: string, work: () => Promise<T>): Promise<T>
  /** What was struck has come to its end: no more can move. */
  isOver(): Promise<boolean>
}

/** The least that counts as movement: the reader of the feed is behind by some changes. */
const leastMovement = 8

/** That a strike finds nothing to strike says nothing of the hub: it does not count, and whatever is broken shows later. */
async function cameAbout(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof TimeoutError) return false
    throw error
  }
}

/** Waits until rows move, strikes, brings back what died, and waits until rows move again. */
export async function blowDuring(blowing: Blowing): Promise<Blow & { excuse: Excuse }> {
  const { world, victim, strike: name, chance, movement, from, carryOut, timed, isOver } = blowing
  const isMoving = await cameAbout(() => until('the first rows', 90, async () => (await movement()) >= from, 30))
  await wait(chance.whole(0, 600))
  const before = await movement()
  const watch = watchGaps(movement)
  const struckAt = Date.now()
  const isStruck = isMoving && (await cameAbout(() => timed('strike', carryOut)))
  if (!isStruck) return { counted: false, before, after: before, gapMs: watch.stop(), excuse: [struckAt, Date.now()] }
  // A worker's work is taken over by the other one before the dead one is brought back.
  const isTakenOver = victim === 'worker' && !name.startsWith('stop')
  if (isTakenOver) await wait(500)
  else await timed('restart', () => world.restartDead())
  // Sessions that stutter are struck while they work on: what moves meanwhile is what counts.
  const isOut = isTakenOver || victim === 'hub' || (victim === 'postgres' && name !== 'stutter')
  const base = isOut ? await movement() : before
  const moved = async () => {
    const now = await movement()
    return now >= base + leastMovement || (await isOver()) ? now : null
  }
  const after = await timed('recovery', () => until('movement after the strike', 150, moved))
  await world.restartDead()
  // Some more life behind it: what woke up may do harm only now.
  await wait(3_000)
  const excuse = [struckAt - 1_000, Date.now()] as const
  return { counted: before > 0 && after > base, before, after, gapMs: watch.stop(), excuse }
}

/** Measures how long nothing moved. */
function watchGaps(movement: Movement): { stop(): number } {
  let last = -1
  let movedAt = performance.now()
  let longest = 0
  let stopped = false
  const run = async () => {
    while (!stopped) {
      const now = await movement().catch(() => last)
      if (now !== last) {
        if (last >= 0) longest = Math.max(longest, performance.now() - movedAt)
        last = now
        movedAt = performance.now()
      }
      await wait(150)
    }
  }
  void run()
  return {
    stop() {
      stopped = true
      return Math.round(longest)
    },
  }
}

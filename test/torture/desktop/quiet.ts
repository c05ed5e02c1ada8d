import { setTimeout as wait } from 'node:timers/promises'
import { TimeoutError } from '../processes.ts'
import { mended } from '../quiesce.ts'
import type { World } from '../world.ts'
import { readLedger } from './judge.ts'
import { createPatience } from './patience.ts'

/** Pauses of single writes grow to a minute, and a wrap-up that nobody closes lasts one. */
const idleSeconds = 240
/** The service takes 20 calls a second, and no interaction needs as many: what lasts longer waits for something else. */
const mostSecondsFor = (interactions: number) => idleSeconds + interactions

/**
 * Waits until nothing is open, nothing is due and nothing is in the outbox; seen thrice, since one may have asked for
 * another. As long as more and more is done, or waits for the CRM's quota, there is no reason to give up.
 */
export async function quiet(world: World, connection: string, interactions: number): Promise<void> {
  await mended(world, connection)
  const patience = createPatience({ idleSeconds, mostSeconds: mostSecondsFor(interactions) })
  for (let calm = 0; calm < 3; ) {
    await mended(world, connection)
    const { done, isCalm } = await look(world, connection)
    calm = isCalm ? calm + 1 : 0
    if (calm === 0 && patience.isOver({ done, waitsForQuota: await waitsForQuota(world, connection) })) {
      throw new TimeoutError('the end of all that is to be written, or any progress towards it,', idleSeconds)
    }
    await wait(700)
  }
}

async function look({ api }: World, connection: string): Promise<{ done: number; isCalm: boolean }> {
  const open = await api.insist<{ interactions: unknown[] }>('GET', '/interactions?state=open&limit=1')
  const { connections } = await api.insist<{ connections: { id: string; writesOpen: number }[] }>('GET', '/status')
  const { waiting, done } = await readLedger({ api })
  const writesOpen = connections.find(({ id }) => id === connection)?.writesOpen
  return { done, isCalm: open.interactions.length === 0 && waiting === 0 && writesOpen === 0 }
}

interface Quota {
  blockedUntil: string | null
  waiting: { lane: string }[]
}

async function waitsForQuota({ api }: World, connection: string): Promise<boolean> {
  const { blockedUntil, waiting } = await api.insist<Quota>('GET', `/connections/${connection}/quota`)
  return blockedUntil !== null || waiting.some(({ lane }) => lane === 'person')
}

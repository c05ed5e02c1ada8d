import { setTimeout as wait } from 'node:timers/promises'
import type { Fault } from '../fault.ts'
import type { Victim } from '../phases.ts'
import type { Chance } from '../random.ts'
import { strikeAt } from '../strikes.ts'
import { putOn, struck } from '../vendor-faults.ts'
import type { World } from '../world.ts'
import { killAtTick } from './kill-at-tick.ts'

export interface Strike {
  victim: Victim
  name: string
}

interface VendorStrike {
  /** Milliseconds that it lasts. */
  lasts(chance: Chance): number
  faults(chance: Chance): Fault[]
}

const writes = ['write', 'batch']
const passing = (chance: Chance) => chance.whole(3_000, 9_000)

/** What befalls the organisation while the day goes on. */
const vendorStrikes: Record<string, VendorStrike> = {
  outage: { lasts: passing, faults: () => [{ kind: 'drop-before', times: 0 }] },
  unavailable: {
    lasts: passing,
    faults: (chance) => [{ kind: '5xx', times: 0, status: chance.pick([500, 502, 503, 504]) }],
  },
  throttled: { lasts: passing, faults: () => [{ kind: '429', times: 0, retryAfter: 2 }] },
  'throttled, no time told': { lasts: passing, faults: () => [{ kind: '429', times: 0, retryAfter: null }] },
  'lost answers': {
    lasts: passing,
    faults: (chance) => [{ kind: 'drop-after', on: writes, times: chance.whole(4, 20) }],
  },
  'late commit': {
    lasts: passing,
    faults: (chance) => [{ kind: 'late-commit', on: writes, times: chance.whole(3, 12), ms: chance.whole(200, 2_500) }],
  },
  slow: { lasts: passing, faults: (chance) => [{ kind: 'latency', times: 0, ms: chance.whole(300, 1_500) }] },
  html: { lasts: passing, faults: (chance) => [{ kind: 'html', on: writes, times: chance.whole(2, 8) }] },
  truncated: {
    lasts: passing,
    faults: (chance) => [{ kind: 'truncate', on: writes, times: chance.whole(2, 8), ratio: chance.next() * 0.9 }],
  },
  'token rejected': {
    lasts: passing,
    faults: (chance) => [{ kind: 'token-rejected', on: writes, times: chance.whole(1, 2) }],
  },
}

const processStrikes = ['kill', 'stop', 'hang and kill']
const tickKill = 'kill at a tick'
const vendorNames = Object.keys(vendorStrikes)

/** Every strike that there is in such a world, once. */
function strikesOf({ topology }: Pick<World, 'topology'>): Strike[] {
  const of = (victim: Victim, names: readonly string[]) => names.map((name) => ({ victim, name }))
  return [
    ...of('hub', processStrikes),
    ...(topology === 'split' ? of('worker', ['kill', 'stop', tickKill]) : of('hub', [tickKill])),
    ...of('postgres', ['kill', 'stop', 'hang and kill', 'stutter']),
    ...of('crm', vendorNames),
  ]
}

/**
 * Until the deck is through every one came once. Kills of the hub are dealt twice: most can be broken by them. `first`
 * names what comes before all else.
 */
export function* deal(world: World, chance: Chance, first?: string): Generator<Strike, never> {
  const strikes = strikesOf(world)
  yield* strikes.filter(({ name }) => name === first)
  const all = [...strikes, { victim: 'hub', name: 'kill' } as const]
  for (;;) yield* chance.shuffled(all)
}

export interface Striking {
  world: World
  chance: Chance
  stopMs: number
}

/** Carries it out, brings back what died, and answers whether it hit anything. */
export async function carryOut(striking: Striking, strike: Strike): Promise<boolean> {
  const { world } = striking
  const hit = strike.name === tickKill ? await killAtTick(world) : await strikeOf(striking, strike)
  await world.restartDead()
  return hit
}

async function strikeOf({ world, chance, stopMs }: Striking, { victim, name }: Strike): Promise<boolean> {
  let hit = true
  await strikeAt(
    { world, victim, strike: name, chance, stopMs },
    {
      leases: `name like 'outbox:%'`,
      vendor: async () => {
        const { lasts, faults } = vendorStrikes[name]!
        const ids = await putOn(world.control, faults(chance))
        await wait(lasts(chance))
        hit = (await struck(world.control, ids)) > 0
        await world.control.clearFaults()
      },
    },
  )
  return hit
}

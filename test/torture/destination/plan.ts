import type { Policy } from '../comparer/destination.ts'
import { type Victim, victims } from '../phases.ts'
import { type Chance, chanceOf, mix } from '../random.ts'
import type { Topology } from '../world.ts'
import { type SourceName, sourceNames } from './sources.ts'

export const destinationPhases = ['first filling', 'changes', 'deletes', 'repair'] as const
export type DestinationPhase = (typeof destinationPhases)[number]

/** Lighter troubles that accompany a round. */
interface DestinationCompany {
  /** Answers to batches get lost, or what they ask for is done late. */
  lostAnswers: boolean
  /** Answers of batches are cut off. */
  cutBodies: boolean
  /** Now and then an answer crawls. */
  crawling: boolean
  /** Some rows that carry the source already stand there. */
  forerunners: boolean
  /** Single sessions of the database stop within their transactions. */
  jolts: boolean
  /** A worker sleeps for longer than a lease lives. */
  nap: boolean
}

export interface DestinationPlan {
  number: number
  seed: number
  victim: Victim
  phase: DestinationPhase
  strike: string
  topology: Topology
  source: SourceName
  policy: Policy
  company: DestinationCompany
}

const processStrikes = ['kill', 'stop', 'hang and kill']
const spoiled = ['truncated', 'html', 'dropped', 'throttled', 'unavailable', 'token rejected']
const strikes: Record<Exclude<Victim, 'crm'>, readonly string[]> = {
  hub: processStrikes,
  worker: [...processStrikes, 'stop in mid-transaction'],
  postgres: ['kill', 'stop', 'hang and kill', 'stutter'],
}
/** Of the organisation that is written to. */
const vendorStrikes: Record<DestinationPhase, readonly string[]> = {
  'first filling': ['late commit', 'lost answers', ...spoiled],
  changes: ['late commit', 'lost answers', 'rights taken away', ...spoiled],
  deletes: ['late commit', 'lost answers', ...spoiled],
  repair: ['broken list', 'late commit', 'lost answers', ...spoiled],
}

/** The rounds that a seed makes; sixteen of them strike every victim in every phase. */
export function* planDestinationRounds(seed: number): Generator<DestinationPlan, never> {
  const chance = chanceOf(mix(seed, 'destination'))
  const decks = new Map<string, string[]>()
  for (let number = 1; ; ) {
    const cells = victims.flatMap((victim) => destinationPhases.map((phase) => ({ victim, phase })))
    for (const { victim, phase } of chance.shuffled(cells)) {
      const name = `${victim} ${phase}`
      const all = victim === 'crm' ? vendorStrikes[phase] : strikes[victim]
      const deck = decks.get(name)?.length ? decks.get(name)! : chance.shuffled(all)
      decks.set(name, deck)
      yield roundOf({ number, seed: mix(seed, `destination ${number}`), victim, phase, strike: deck.pop()! })
      number += 1
    }
  }
}

function roundOf(round: Pick<DestinationPlan, 'number' | 'seed' | 'victim' | 'phase' | 'strike'>): DestinationPlan {
  const chance = chanceOf(round.seed)
  const topology = topologyOf(round.victim, chance)
  const source = chance.pick(sourceNames)
  return { ...round, topology, source, policy: policyOf(round.phase, chance), company: companyOf(chance, topology) }
}

function topologyOf(victim: Victim, chance: Chance): Topology {
  if (victim === 'hub') return 'alone'
  if (victim === 'worker') return 'split'
  return chance.next() < 0.5 ? 'alone' : 'split'
}

/** Where nothing is deleted there, nothing of it can be struck. */
const policyOf = (phase: DestinationPhase, chance: Chance): Policy =>
  chance.pick(phase === 'deletes' ? ['deactivate', 'delete'] : ['deactivate', 'delete', 'keep'])

function companyOf(chance: Chance, topology: Topology): DestinationCompany {
  return {
    lostAnswers: chance.next() < 0.5,
    cutBodies: chance.next() < 0.4,
    crawling: chance.next() < 0.5,
    forerunners: chance.next() < 0.6,
    jolts: chance.next() < 0.35,
    nap: topology === 'split' && chance.next() < 0.4,
  }
}

import { type Company, type Phase, phases, type Victim, victims } from './phases.ts'
import { type Chance, chanceOf, mix } from './random.ts'
import type { Subject } from './subject.ts'
import { dynamics } from './subjects/dynamics.ts'
import type { Topology } from './world.ts'

/** What is done to each victim; `hang`: the database stops answering first, so that work is caught half done. */
const processStrikes = ['kill', 'stop', 'hang and kill'] as const
/** A worker alone has sessions that can be told from those of others. */
const workerStrikes = [...processStrikes, 'stop in mid-transaction'] as const
const databaseStrikes = ['kill', 'stop', 'hang and kill', 'stutter'] as const

export interface RoundPlan {
  number: number
  seed: number
  victim: Victim
  phase: Phase
  strike: string
  topology: Topology
  company: Company
}

/** The rounds that a seed makes: the same for the first ten of fifty as for ten. */
export function* planRounds(seed: number, subject: Subject = dynamics): Generator<RoundPlan, never> {
  const had = phases.filter((phase) => subject.lacks[phase] === undefined)
  const chance = chanceOf(seed)
  const decks = new Map<string, string[]>()
  for (let number = 1; ; ) {
    const cells = victims.flatMap((victim) => had.map((phase) => ({ victim, phase })))
    for (const { victim, phase } of chance.shuffled(cells)) {
      const name = `${victim} ${phase}`
      const deck = decks.get(name)?.length ? decks.get(name)! : chance.shuffled(strikesFor(subject, victim, phase))
      decks.set(name, deck)
      yield roundOf({ number, seed: mix(seed, `round ${number}`), victim, phase, strike: deck.pop()! })
      number += 1
    }
  }
}

function strikesFor(subject: Subject, victim: Victim, phase: Phase): readonly string[] {
  if (victim === 'crm') return subject.strikes[phase]
  if (victim === 'postgres') return databaseStrikes
  return victim === 'worker' ? workerStrikes : processStrikes
}

/** A round's company follows from its seed. */
export function roundOf(round: Omit<RoundPlan, 'topology' | 'company'>): RoundPlan {
  const chance = chanceOf(round.seed)
  const topology = topologyOf(round.victim, chance)
  return { ...round, topology, company: companyOf(chance, topology) }
}

function topologyOf(victim: Victim, chance: Chance): Topology {
  if (victim === 'hub') return 'alone'
  if (victim === 'worker') return 'split'
  return chance.next() < 0.5 ? 'alone' : 'split'
}

function companyOf(chance: Chance, topology: Topology): Company {
  return {
    shortTokens: topology === 'split' || chance.next() < 0.5,
    crawling: chance.next() < 0.5,
    unrulyPushes: chance.next() < 0.4,
    skewMinutes: chance.next() < 0.25 ? chance.pick([-10, 10]) : 0,
    tokenAtStart: chance.next() < 0.3,
    lostAnswers: chance.next() < 0.4,
    overlap: chance.next() < 0.5,
    roughStart: chance.next() < 0.4,
    cutBodies: chance.next() < 0.4,
    brokenAudit: chance.next() < 0.35,
    jolts: chance.next() < 0.35,
    nap: topology === 'split' && chance.next() < 0.4,
  }
}

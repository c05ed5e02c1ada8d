import type { Blow } from './blow.ts'
import type { Violation } from './comparer/records.ts'
import { destinationPhases, planDestinationRounds } from './destination/plan.ts'
import { runDestinationRound } from './destination/round.ts'
import { phases, type Victim } from './phases.ts'
import { planRounds } from './plan.ts'
import { type RoundOptions, runRound } from './round.ts'
import { subjectNames, subjectOf } from './subjects.ts'
import type { Topology } from './world.ts'

/** What is told of a round, whatever it was that was tortured. */
export interface DealtOutcome {
  plan: {
    number: number
    victim: Victim
    phase: string
    strike: string
    topology: Topology
    company: { nap: boolean }
  }
  violations: Violation[]
  blow: Blow
  attempts: number
  seconds: number
  changes: number
  writes: number
  took: Record<string, number>
  folder: string | null
}

/** What is tortured: a CRM that is copied, or an organisation that is written to. */
export interface Torment {
  /** Columns of the table. */
  phases: readonly string[]
  /** Those that there are not, and why. */
  lacks: Readonly<Record<string, string>>
  deal(seed: number): Generator<{ number: number; run(): Promise<DealtOutcome> }, void>
}

const destination = 'dataverse-destination'

export function tormentOf(crm: string, options: RoundOptions): Torment {
  if (crm === destination) {
    return {
      phases: destinationPhases,
      lacks: {},
      *deal(seed) {
        for (const plan of planDestinationRounds(seed)) {
          yield { number: plan.number, run: () => runDestinationRound(plan, options) }
        }
      },
    }
  }
  if (!subjectNames.includes(crm)) throw new Error(`--crm takes one of ${[...subjectNames, destination].join(', ')}`)
  const subject = subjectOf(crm)
  return {
    phases,
    lacks: subject.lacks,
    *deal(seed) {
      for (const plan of planRounds(seed, subject)) {
        yield { number: plan.number, run: () => runRound(plan, options) }
      }
    },
  }
}

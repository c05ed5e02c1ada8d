import type { DealtOutcome } from './dealt.ts'
import { destinationPhases, planDestinationRounds } from './destination/plan.ts'
import { runDestinationRound } from './destination/round.ts'
import { phases } from './phases.ts'
import { planRounds } from './plan.ts'
import { type RoundOptions, runRound } from './round.ts'
import { subjectNames, subjectOf } from './subjects.ts'

/** What is tortured: a CRM that is copied, or an organisation that is written to. */
export interface Torment {
  /** Columns of the table. */
  phases: readonly string[]
  /** Those that there are not, and why. */
  lacks: Readonly<Record<string, string>>
  deal(seed: number): Generator<{ number: number; run(): Promise<DealtOutcome> }, void>
}

const destination = 'dataverse-destination'

export const tormentNames: readonly string[] = [...subjectNames, destination]

/** One of `tormentNames`. */
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

import type { Blow } from './blow.ts'
import type { Violation } from './comparer/records.ts'
import type { Victim } from './phases.ts'
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

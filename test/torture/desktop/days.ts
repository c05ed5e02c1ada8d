import type { Difference } from '../comparer/activities.ts'
import { victims } from '../phases.ts'
import { mix } from '../random.ts'
import { type DayOutcome, type DayPlan, runDay } from './day.ts'

export interface DaysOptions {
  seed: number
  rounds: number
  /** This day of the seed alone. */
  only?: number
  interactions: number
  stopMs: number
  program: string
  json: boolean
}

const kinds = ['lost', 'doubled', 'wrong', 'broken'] as const

/** The seed says where the hub's parts run, and by which door the contact centre tells. */
export function planDay(number: number, given: Pick<DaysOptions, 'seed' | 'interactions' | 'stopMs'>): DayPlan {
  const { seed, interactions, stopMs } = given
  return {
    ...{ number, interactions, stopMs, seed: mix(seed, `desktop ${number}`) },
    topology: number % 2 === 1 ? 'alone' : 'split',
    door: number % 4 < 2 ? 'signature' : 'key',
  }
}

export async function runDays(options: DaysOptions): Promise<boolean> {
  const { rounds, only, program } = options
  const outcomes: DayOutcome[] = []
  for (let number = only ?? 1; number <= (only ?? rounds); number += 1) {
    const outcome = await runDay({ ...planDay(number, options), program })
    outcomes.push(outcome)
    tellDay(outcome, options)
  }
  const summary = summarise(outcomes, options)
  console.log(JSON.stringify(summary))
  return summary.ok
}

const countOf = (differences: readonly Difference[], kind: Difference['kind']) =>
  differences.filter((one) => one.kind === kind).length

function tellDay(outcome: DayOutcome, { seed, json }: DaysOptions): void {
  const { plan, differences, interactions, withLink, activities, typed, calls, asked, strikes, took, folder } = outcome
  if (!json) {
    const parts = Object.entries(took).map(([part, seconds]) => `${part} ${seconds.toFixed(1)} s`)
    const sign = differences.length === 0 ? '✓' : '✗'
    console.log(
      `${sign} day ${plan.number} (${plan.topology}, told by ${plan.door}): ${interactions} interactions, ${withLink} linked, ${activities} activities, ${typed} typed upon, ${calls} calls to the CRM, ${strikes.length} strikes; ${parts.join(', ')}`,
    )
    console.log(`    asked for: ${JSON.stringify(asked)}`)
    for (const [victim, row] of Object.entries(tableOf([outcome]))) console.log(`    ${victim}: ${JSON.stringify(row)}`)
  }
  if (differences.length === 0) return
  for (const { kind, told } of differences.slice(0, 20)) console.log(`      ${kind.padEnd(7)}  ${told}`)
  if (differences.length > 20) console.log(`      … and ${differences.length - 20} more`)
  const again = `npm run torture -- --desktop --interactions ${plan.interactions} --seed ${seed} --round ${plan.number}`
  console.log(`      again: ${again}   (logs: ${folder})`)
}

function summarise(outcomes: readonly DayOutcome[], { seed }: DaysOptions) {
  const differences = outcomes.flatMap((outcome) => outcome.differences)
  const sum = (of: (outcome: DayOutcome) => number) => outcomes.reduce((all, outcome) => all + of(outcome), 0)
  const [lost, doubled, wrong, broken] = kinds.map((kind) => countOf(differences, kind))
  return {
    name: 'torture-desktop',
    ok: differences.length === 0 && outcomes.length > 0,
    ...{ seed, days: outcomes.length },
    interactions: sum((outcome) => outcome.interactions),
    withLink: sum((outcome) => outcome.withLink),
    activities: sum((outcome) => outcome.activities),
    typed: sum((outcome) => outcome.typed),
    calls: sum((outcome) => outcome.calls),
    ...{ lost, doubled, wrong, broken },
    ledger: ledgerOf(outcomes),
    strikes: tableOf(outcomes),
    failing: outcomes.filter((outcome) => outcome.differences.length > 0).map(({ plan }) => plan.number),
  }
}

function ledgerOf(outcomes: readonly DayOutcome[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { ledger } of outcomes) {
    for (const [name, count] of Object.entries(ledger ?? {})) sums[name] = (sums[name] ?? 0) + count
  }
  return sums
}

/** Strikes that hit something, by victim. */
function tableOf(outcomes: readonly DayOutcome[]): Record<string, Record<string, number>> {
  const hits = outcomes.flatMap(({ strikes }) => strikes.filter(({ hit }) => hit))
  const rowOf = (victim: string) => {
    const row: Record<string, number> = {}
    for (const strike of hits) if (strike.victim === victim) row[strike.name] = (row[strike.name] ?? 0) + 1
    return row
  }
  return Object.fromEntries(victims.map((victim) => [victim, rowOf(victim)]))
}

import type { DealtOutcome } from './dealt.ts'
import { victims } from './phases.ts'
import type { RoundOptions } from './round.ts'
import { type Torment, tormentOf } from './torments.ts'

export interface RoundsOptions extends RoundOptions {
  seed: number
  rounds: number
  /** This round of the seed alone. */
  only?: number
  json: boolean
}

const kinds = ['lost', 'doubled', 'revived', 'stale', 'broken'] as const

/** Runs the rounds, tells of each, and ends on the table. */
export async function runRounds(options: RoundsOptions): Promise<boolean> {
  const outcomes: DealtOutcome[] = []
  const torment = tormentOf(options.crm ?? 'dynamics', options)
  for (const run of planned(torment, options)) {
    const outcome = await run()
    outcomes.push(outcome)
    tell(outcome, options)
  }
  const summary = summarise(outcomes, torment, options)
  if (!options.json) drawTable(outcomes, torment)
  console.log(JSON.stringify(summary))
  return summary.ok
}

function* planned(torment: Torment, { seed, rounds, only }: RoundsOptions): Generator<() => Promise<DealtOutcome>> {
  for (const { number, run } of torment.deal(seed)) {
    if (only === undefined ? number > rounds : number > only) return
    if (only === undefined || number === only) yield run
  }
}

const countOf = (outcome: DealtOutcome, kind: (typeof kinds)[number]) =>
  outcome.violations.filter((violation) => violation.kind === kind).length

function tell(outcome: DealtOutcome, { seed, crm = 'dynamics' }: RoundsOptions): void {
  const { plan, blow, seconds, attempts, changes, writes, violations, folder } = outcome
  const company = Object.entries(plan.company)
    .filter(([, value]) => value)
    .map(([name]) => name)
  const what = `${plan.strike} of ${plan.victim} (${plan.topology}) during ${plan.phase}, with ${company.join(', ') || 'nothing else'}`
  const moved = `rows ${blow.before} → ${blow.after}, longest stillness ${blow.gapMs} ms, ${changes} changes, ${writes} writes`
  const again = attempts > 1 ? `, attempt ${attempts}` : ''
  const sign = violations.length > 0 ? '✗' : blow.counted ? '✓' : '?'
  const parts = Object.entries(outcome.took).map(([part, took]) => `${part} ${took.toFixed(1)}`)
  console.log(
    `${sign} ${String(plan.number).padStart(3)}  ${what}; ${moved}; ${seconds} s (${parts.join(', ')})${again}`,
  )
  if (violations.length === 0) return
  for (const { kind, told } of violations.slice(0, 12)) console.log(`      ${kind.padEnd(7)}  ${told}`)
  if (violations.length > 12) console.log(`      … and ${violations.length - 12} more`)
  console.log(`      again: npm run torture -- --crm ${crm} --seed ${seed} --round ${plan.number}   (logs: ${folder})`)
}

function summarise(outcomes: readonly DealtOutcome[], torment: Torment, options: RoundsOptions) {
  const counted = outcomes.filter(({ blow }) => blow.counted)
  const total = (kind: (typeof kinds)[number]) => outcomes.reduce((sum, outcome) => sum + countOf(outcome, kind), 0)
  const { crm = 'dynamics' } = options
  const { lacks } = torment
  const table = tableOf(counted, torment)
  const empty = Object.values(table)
    .flatMap((row) => Object.values(row))
    .filter((cell) => cell === 0).length
  const totals = {
    lost: total('lost'),
    doubled: total('doubled'),
    revived: total('revived'),
    stale: total('stale'),
    broken: total('broken'),
  }
  const isClean = outcomes.every(({ violations, blow }) => violations.length === 0 && blow.counted)
  const isFull = options.only !== undefined || options.rounds < cellsOf(torment) || empty === 0
  const failing = outcomes.filter(({ violations, blow }) => violations.length > 0 || !blow.counted)
  return {
    name: 'torture',
    crm,
    ok: isClean && isFull,
    rounds: outcomes.length,
    counted: counted.length,
    seed: options.seed,
    ...totals,
    changes: outcomes.reduce((sum, { changes }) => sum + changes, 0),
    writes: outcomes.reduce((sum, { writes }) => sum + writes, 0),
    takeoverMs: Math.max(0, ...counted.filter(isTakeover).map(({ blow }) => blow.gapMs)),
    failing: failing.map(({ plan }) => plan.number),
    emptyCells: empty,
    table,
    lacks,
  }
}

/**
 * The other worker is awake, so that the longest stillness is what a takeover takes; not where the sleeper's transaction
 * holds rows that the other one needs.
 */
const isTakeover = ({ plan }: DealtOutcome) =>
  plan.victim === 'worker' && !plan.company.nap && plan.strike !== 'stop in mid-transaction'

const hadPhases = ({ phases, lacks }: Torment) => phases.filter((phase) => lacks[phase] === undefined)
const cellsOf = (torment: Torment) => victims.length * hadPhases(torment).length

/** Strikes that counted, victim × phase. */
function tableOf(counted: readonly DealtOutcome[], torment: Torment) {
  const row = (victim: string) =>
    Object.fromEntries(
      hadPhases(torment).map((phase) => [
        phase,
        counted.filter(({ plan }) => plan.victim === victim && plan.phase === phase).length,
      ]),
    )
  return Object.fromEntries(victims.map((victim) => [victim, row(victim)]))
}

function drawTable(outcomes: readonly DealtOutcome[], torment: Torment): void {
  const counted = outcomes.filter(({ blow }) => blow.counted)
  const { phases, lacks } = torment
  const table = tableOf(counted, torment)
  console.log(`\n${'strikes'.padEnd(10)}${phases.map((phase) => phase.padStart(18)).join('')}`)
  for (const victim of victims) {
    const cells = phases.map((phase) => String(table[victim]![phase] ?? '–').padStart(18))
    console.log(`${victim.padEnd(10)}${cells.join('')}`)
  }
  for (const [phase, why] of Object.entries(lacks)) console.log(`– ${phase}: ${why}`)
}

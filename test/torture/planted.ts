import { planRounds, type RoundPlan } from './plan.ts'
import { copyProgram, type PlantedFault, plantedFaults } from './program.ts'
import { mix } from './random.ts'
import { type RoundOptions, runRound } from './round.ts'

export interface PlantedOptions extends Omit<RoundOptions, 'program'> {
  seed: number
  /** Part of a fault's name: these alone. */
  only?: string
}

const mostRounds = 10

interface Finding {
  name: string
  /** The round that found it; null: none did. */
  round: number | null
  by: string | null
  seconds: number
}

/** Plants one fault after the other; each has to be found by ordinary rounds of the cells that it hurts. */
export async function runPlanted(options: PlantedOptions): Promise<boolean> {
  const all = await plantedFaults()
  const wanted = all.filter(({ name }) => options.only === undefined || name.includes(options.only))
  const findings: Finding[] = []
  for (const fault of wanted) {
    const finding = await hunt(fault, options)
    findings.push(finding)
    const { round, by, seconds } = finding
    const how = round === null ? `not found in ${mostRounds} rounds` : `found in round ${round}: ${by}`
    console.log(`${round === null ? '✗' : '✓'} ${fault.name}: ${how}; ${seconds} s`)
  }
  const found = findings.filter(({ round }) => round !== null).length
  const ok = found === wanted.length && wanted.length > 0
  const rounds = Object.fromEntries(findings.map(({ name, round }) => [name, round]))
  console.log(
    JSON.stringify({ name: 'torture-planted', planted: wanted.length, found, ok, seed: options.seed, rounds }),
  )
  return ok
}

/** The cells that a fault cannot show in are passed over. */
function* roundsFor({ name, hurts }: PlantedFault, seed: number): Generator<RoundPlan> {
  let number = 0
  for (const plan of planRounds(mix(seed, name))) {
    if (!hurts.victims.includes(plan.victim) || !hurts.phases.includes(plan.phase)) continue
    number += 1
    if (number > mostRounds) return
    yield { ...plan, number }
  }
}

async function hunt(fault: PlantedFault, options: PlantedOptions): Promise<Finding> {
  const began = performance.now()
  const seconds = () => Math.round((performance.now() - began) / 1000)
  const program = await copyProgram(fault.patch)
  try {
    for (const plan of roundsFor(fault, options.seed)) {
      const { violations } = await runRound(plan, { ...options, program: program.folder })
      const first = violations.find(({ told }) => told.startsWith(fault.toldAs))
      for (const { kind, told } of first ? [] : violations)
        console.log(`  ${fault.name}: of something else: ${kind}, ${told}`)
      const where = `${plan.strike} of ${plan.victim} during ${plan.phase}`
      if (first)
        return {
          name: fault.name,
          round: plan.number,
          by: `${where}: ${first.kind}, ${first.told}`,
          seconds: seconds(),
        }
      console.log(`  ${fault.name}: nothing in round ${plan.number} (${where})`)
    }
    return { name: fault.name, round: null, by: null, seconds: seconds() }
  } finally {
    await program.remove()
  }
}

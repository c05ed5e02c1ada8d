import { readOptions, refuseOptions } from '../../scripts/read-options.ts'
import { runDays } from './desktop/days.ts'
import { desktopFaults, runPlantedDays } from './desktop/planted.ts'
import { runPlanted } from './planted.ts'
import { killDatabases } from './postgres.ts'
import { killAll } from './processes.ts'
import { copyProgram, plantedFaults } from './program.ts'
import { runRounds } from './rounds.ts'
import { runSabotage } from './sabotage.ts'
import { tormentNames } from './torments.ts'

const program = 'npm run torture --'
const values = readOptions(program, {
  rounds: { type: 'string', least: 1, about: 'how many; 50, with --desktop 1' },
  crm: { type: 'string', default: 'dynamics', among: tormentNames, about: 'whose organisation' },
  seed: { type: 'string', default: '1', least: 0, about: 'of the same rounds again' },
  round: { type: 'string', least: 1, about: 'this one alone' },
  planted: { type: 'boolean', default: false, about: 'rounds on planted faults, which must be told' },
  sabotage: { type: 'boolean', default: false, about: 'rounds that break what is compared, which must be told' },
  desktop: { type: 'boolean', default: false, about: 'days of interactions' },
  interactions: { type: 'string', least: 1, about: 'of a day; 5,000, with --planted 250' },
  only: { type: 'string', about: 'the planted faults alone whose names hold it' },
  records: { type: 'string', default: '2000', least: 1, about: 'of the organisation' },
  'stop-seconds': { type: 'string', default: '30', least: 0, about: 'how long what was stopped stays stopped' },
  json: { type: 'boolean', default: false, about: 'the last line is JSON alone' },
})

process.once('exit', () => {
  killAll()
  killDatabases()
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const base = {
  seed: Number(values.seed),
  records: Number(values.records),
  stopMs: Number(values['stop-seconds']) * 1000,
}

/** With a copy of the program as it is now: a run takes long, and `src` may be worked on meanwhile. */
async function withCopy(work: (program: string) => Promise<boolean>): Promise<boolean> {
  const { folder, remove } = await copyProgram()
  try {
    return await work(folder)
  } finally {
    await remove()
  }
}

function runDesktop(): Promise<boolean> {
  const { round, rounds, interactions, json, planted, only } = values
  const alone = round === undefined ? {} : { only: Number(round) }
  const day = { ...base, interactions: Number(interactions ?? (planted ? 250 : 5_000)), json, ...alone }
  if (planted) return runPlantedDays({ ...day, rounds: 1, ...(only === undefined ? {} : { part: only }) })
  return withCopy((program) => runDays({ ...day, rounds: Number(rounds ?? 1), program }))
}

/** No planted fault is named so. */
async function refuseUnknown(part: string): Promise<void> {
  const names = (await (values.desktop ? desktopFaults() : plantedFaults())).map(({ name }) => name)
  if (!names.some((name) => name.includes(part))) refuseOptions(program, `Option '--only' takes ${names.join(', ')}`)
}

async function run(): Promise<boolean> {
  const { planted, sabotage, only, round, rounds, json, crm } = values
  if (only !== undefined) await refuseUnknown(only)
  if (values.desktop) return runDesktop()
  if (planted) return runPlanted({ ...base, ...(only === undefined ? {} : { only }) })
  if (sabotage) return withCopy((program) => runSabotage({ ...base, program }))
  const alone = round === undefined ? {} : { only: Number(round) }
  return withCopy((program) => runRounds({ ...base, ...alone, crm, rounds: Number(rounds ?? 50), json, program }))
}

process.exit((await run()) ? 0 : 1)

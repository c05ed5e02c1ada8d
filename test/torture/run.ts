import { readOptions } from '../../scripts/read-options.ts'
import { runDays } from './desktop/days.ts'
import { runPlantedDays } from './desktop/planted.ts'
import { runPlanted } from './planted.ts'
import { killDatabases } from './postgres.ts'
import { killAll } from './processes.ts'
import { copyProgram } from './program.ts'
import { runRounds } from './rounds.ts'
import { runSabotage } from './sabotage.ts'
import { tormentOf } from './torments.ts'

const values = readOptions('npm run torture --', {
  rounds: { type: 'string', about: 'how many; 50, with --desktop 1' },
  crm: { type: 'string', default: 'dynamics', about: 'whose organisation' },
  seed: { type: 'string', default: '1', about: 'of the same rounds again' },
  round: { type: 'string', about: 'this one alone' },
  planted: { type: 'boolean', default: false, about: 'rounds on planted faults, which must be told' },
  sabotage: { type: 'boolean', default: false, about: 'rounds that break what is compared, which must be told' },
  desktop: { type: 'boolean', default: false, about: 'days of interactions' },
  interactions: { type: 'string', about: 'of a day; 5,000, with --planted 250' },
  only: { type: 'string', about: 'this planted fault alone' },
  records: { type: 'string', default: '2000', about: 'of the organisation' },
  'stop-seconds': { type: 'string', default: '30', about: 'how long what was stopped stays stopped' },
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

async function run(): Promise<boolean> {
  const { planted, sabotage, only, round, rounds, json, crm } = values
  if (values.desktop) return runDesktop()
  // Before the program is copied: a name that is not known is told at once.
  tormentOf(crm, base)
  if (planted) return runPlanted({ ...base, ...(only === undefined ? {} : { only }) })
  if (sabotage) return withCopy((program) => runSabotage({ ...base, program }))
  const alone = round === undefined ? {} : { only: Number(round) }
  return withCopy((program) => runRounds({ ...base, ...alone, crm, rounds: Number(rounds ?? 50), json, program }))
}

process.exit((await run()) ? 0 : 1)

import { parseArgs } from 'node:util'
import { runDays } from './desktop/days.ts'
import { runPlantedDays } from './desktop/planted.ts'
import { runPlanted } from './planted.ts'
import { killDatabases } from './postgres.ts'
import { killAll } from './processes.ts'
import { copyProgram } from './program.ts'
import { runRounds } from './rounds.ts'
import { runSabotage } from './sabotage.ts'
import { tormentOf } from './torments.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    crm: { type: 'string', default: 'dynamics' },
    seed: { type: 'string', default: '1' },
    round: { type: 'string' },
    planted: { type: 'boolean', default: false },
    sabotage: { type: 'boolean', default: false },
    desktop: { type: 'boolean', default: false },
    interactions: { type: 'string' },
    only: { type: 'string' },
    records: { type: 'string', default: '2000' },
    'stop-seconds': { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
  },
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

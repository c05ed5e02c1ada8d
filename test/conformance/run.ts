import { readOptions, refuseOptions } from '../../scripts/read-options.ts'
import type { Subject } from '../connectors/world.ts'
import { worlds } from '../connectors/worlds.ts'
import { startTestCluster } from '../support/cluster.ts'
import type { Behaviour } from './behaviour.ts'
import { type Cell, playAll } from './cells.ts'
import { behaviours } from './groups.ts'
import { runPlanted } from './planted.ts'
import { drawTable, tellCell } from './table.ts'

const program = 'npm run conformance --'
const values = readOptions(program, {
  json: { type: 'boolean', default: false, about: 'the last line is JSON alone' },
  crm: { type: 'string', among: worlds.map(({ crm }) => crm), about: 'this connector alone' },
  behaviour: { type: 'string', about: 'this behaviour alone, or those whose names hold it' },
  planted: { type: 'boolean', default: false, about: 'on planted faults, which must be told' },
})

/** Those that were asked for; a name may be a part of it. */
function wanted(): { subjects: readonly Subject[]; chosen: readonly Behaviour[] } {
  const { crm, behaviour } = values
  const exact = behaviours.filter(({ name }) => name === behaviour)
  const chosen = exact.length > 0 ? exact : behaviours.filter(({ name }) => name.includes(behaviour ?? ''))
  const subjects = worlds.filter((subject) => crm === undefined || subject.crm === crm)
  return { subjects, chosen }
}

async function runCells(): Promise<boolean> {
  const { subjects, chosen } = wanted()
  const cells: Cell[] = []
  for (const subject of subjects) {
    if (!values.json) console.log(`\n${subject.crm}`)
    cells.push(...(await playAll(subject, chosen, values.json ? () => undefined : tellCell)))
  }
  if (!values.json) drawTable(cells)
  const count = (outcome: Cell['outcome']) => cells.filter((cell) => cell.outcome === outcome).length
  const lacking = cells.filter(({ outcome }) => outcome === 'not applicable')
  const ok = count('failed') === 0 && count('passed') > 0
  const notApplicable = lacking.map(({ connector, behaviour, why }) => ({ connector, behaviour, why }))
  const counts = { passed: count('passed'), failed: count('failed') }
  console.log(JSON.stringify({ name: 'conformance', ok, ...counts, notApplicable, cells }))
  return ok
}

async function run(): Promise<boolean> {
  if (wanted().chosen.length === 0) {
    refuseOptions(program, `Option '--behaviour' takes ${behaviours.map(({ name }) => name).join(', ')}`)
  }
  const cluster = await startTestCluster()
  process.env.JACKFIELD_TEST_DATABASE_URL = cluster.url
  try {
    return values.planted ? await runPlanted(wanted()) : await runCells()
  } finally {
    await cluster.stop()
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exit((await run()) ? 0 : 1)

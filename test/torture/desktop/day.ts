import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { quickFolder } from '../../support/quick-folder.ts'
import { timedInto } from '../blow.ts'
import type { Difference, Ledger, Row } from '../comparer/activities.ts'
import { TimeoutError, until } from '../processes.ts'
import { copied } from '../quiesce.ts'
import { type Chance, chanceOf } from '../random.ts'
import { dynamics } from '../subjects/dynamics.ts'
import { startWorld, type Topology, type World } from '../world.ts'
import { type Centre, type CentreCounts, startCentre } from './centre.ts'
import { addColumns, configureDesktop } from './configure.ts'
import { type EventRelay, startEventRelay } from './event-relay.ts'
import { judgeDay } from './judge.ts'
import { quiet } from './quiet.ts'
import { carryOut, deal, type Strike } from './strikes.ts'
import { startTypist, type Typist } from './typist.ts'

export interface DayPlan {
  number: number
  seed: number
  topology: Topology
  door: 'signature' | 'key'
  interactions: number
  stopMs: number
  /** These, one after the other, and no more; else strikes follow one another until the day is over. */
  strikes?: readonly Strike[]
  /** The name of the strike that comes before the others. */
  first?: string
  program?: string
}

export interface DayOutcome {
  plan: DayPlan
  differences: Difference[]
  interactions: number
  withLink: number
  activities: number
  typed: number
  /** Requests to the organisation during the day; what a batch holds is of its one request. */
  calls: number
  /** By kind; here each request within a batch counts too. */
  asked: Record<string, number>
  ledger: Ledger | null
  strikes: (Strike & { hit: boolean })[]
  took: Record<string, number>
  /** Logs and database of a day that failed. */
  folder: string | null
}

const records = 600
/** Agents write up their last calls. */
const typesOnMs = 8_000

/** Contact centre, hub and organisation from the first call to the last write, and what stands there then. */
export async function runDay(plan: DayPlan): Promise<DayOutcome> {
  const journals = await mkdtemp(join(quickFolder(), 'jackfield-journal-'))
  const journalFile = join(journals, 'organisation')
  const seed = plan.seed % 1_000_000
  const took: Record<string, number> = {}
  const world = await timedInto(took, 'start', () =>
    startWorld({
      ...{ subject: keptIn(journalFile), topology: plan.topology, records, seed },
      ...(plan.program ? { program: plan.program } : {}),
    }),
  )
  const outcome: DayOutcome = {
    ...{ plan, differences: [], interactions: 0, withLink: 0, activities: 0, typed: 0 },
    ...{ calls: 0, asked: {}, ledger: null, strikes: [], took, folder: null },
  }
  try {
    Object.assign(outcome, await live({ world, plan, journalFile, took, strikes: outcome.strikes }))
  } catch (error) {
    const told = error instanceof TimeoutError ? error.message : String((error as Error).stack ?? error)
    outcome.differences.push({ kind: 'broken', told })
  } finally {
    outcome.folder = outcome.differences.length > 0 ? world.folder : null
    await world.close(outcome.folder !== null)
    await rm(journals, { recursive: true, force: true })
  }
  return outcome
}

/** The organisation keeps each change of each row. */
const keptIn = (file: string): typeof dynamics => ({
  ...dynamics,
  simulator: { ...dynamics.simulator, args: (options) => [...dynamics.simulator.args(options), '--data', file] },
})

interface Living {
  world: World
  plan: DayPlan
  journalFile: string
  took: Record<string, number>
  strikes: DayOutcome['strikes']
}

async function live(living: Living): Promise<Partial<DayOutcome>> {
  const { world, plan, journalFile, took } = living
  const chance = chanceOf(plan.seed)
  await addColumns(world.control)
  const connection = await world.connect('initial sync')
  await timedInto(took, 'copy', async () => {
    await world.api.insist('POST', '/runs', { connection })
    await copied(world, connection)
  })
  await configureDesktop(world.api, connection)
  await world.control.post('/reset-requests', {})
  const before = new Set((await world.control.dump<Row>('phonecall')).map(({ id }) => id))
  const relay = await startEventRelay(() => String(world.door().facts.url), chance.branch('relay'))
  const { interactions, seed, door } = plan
  const centre = await startCentre({ world, hub: relay.url, interactions, seed: seed % 1_000_000, door })
  const typist = startTypist(world, chance.branch('typist'))
  try {
    await timedInto(took, 'day', () => strikeAllDay(living, { centre, chance: chance.branch('strikes') }))
    // Nothing hurts any more, and what is saved last is looked at by nobody again.
    await wait(typesOnMs)
    await typist.stop()
    const open = await timedInto(took, 'quiet', () => unended(() => quiet(world, connection, plan.interactions)))
    const judged = await timedInto(took, 'judge', () =>
      judgeDay({ world, centre, journalFile, before, typed: typist.typed }),
    )
    const differences = [...refused(await countsOf(centre)), ...open, ...judged.differences]
    return { ...judged, differences, typed: typist.typed.size, ...(await callsOf(world)) }
  } finally {
    await endAll(centre, relay, typist)
  }
}

async function endAll({ running }: Centre, relay: EventRelay, typist: Typist): Promise<void> {
  running.signal('SIGKILL')
  await running.gone
  await typist.stop().catch(() => undefined)
  await relay.close()
}

/** What never comes to its end is told, and judged with all else. */
async function unended(work: () => Promise<void>): Promise<Difference[]> {
  try {
    await work()
    return []
  } catch (error) {
    if (error instanceof TimeoutError) return [{ kind: 'lost', told: error.message }]
    throw error
  }
}

async function callsOf({ control }: World): Promise<Pick<DayOutcome, 'calls' | 'asked'>> {
  type Counted = Record<'statuses' | 'counts', Record<string, number>>
  const { statuses, counts } = await control.get<Counted>('/requests')
  return { calls: Object.values(statuses).reduce((all, count) => all + count, 0), asked: counts }
}

const countsOf = ({ control }: Centre) => control.get<CentreCounts>('/')

const refused = ({ refused: count, problem }: CentreCounts): Difference[] =>
  count === 0 ? [] : [{ kind: 'lost', told: `${count} events were refused for good: ${problem}` }]

/** Nothing that a day does may take longer than this, strikes and all. */
const secondsFor = (interactions: number) => 240 + interactions * 0.8

/** Strike upon strike, with a little life between them, until all was told. */
async function strikeAllDay(
  { world, plan, strikes }: Living,
  { centre, chance }: { centre: Centre; chance: Chance },
): Promise<void> {
  const limit = performance.now() + secondsFor(plan.interactions) * 1000
  const isOver = async () => (await countsOf(centre)).finished >= plan.interactions
  const deck = plan.strikes ? plan.strikes.values() : deal(world, chance.branch('deck'), plan.first)
  // The first falls when there is something to hurt.
  await until('the first interactions', 60, async () => (await countsOf(centre)).finished >= 2)
  for (const strike of deck) {
    if ((await isOver()) && !plan.strikes) break
    strikes.push({ ...strike, hit: await carryOut({ world, chance, stopMs: plan.stopMs }, strike) })
    await wait(chance.whole(1_000, 5_000))
    if (performance.now() > limit) break
  }
  await world.control.clearFaults()
  await until('the end of the contact centre’s day', secondsFor(plan.interactions), isOver, 500)
}

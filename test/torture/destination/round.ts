import { setTimeout as wait } from 'node:timers/promises'
import { type Blow, blowDuring, repeated, timedInto } from '../blow.ts'
import { joltDatabase, napOnce, oneAtATime } from '../company.ts'
import type { Violation } from '../comparer/records.ts'
import type { DealtOutcome } from '../dealt.ts'
import * as judges from '../judge.ts'
import { createLife } from '../life.ts'
import type { Movement } from '../movement.ts'
import { TimeoutError, until } from '../processes.ts'
import { copied, mended, passedOnce, setSchedule, settled } from '../quiesce.ts'
import { type Chance, chanceOf } from '../random.ts'
import type { RoundOptions } from '../round.ts'
import { strikeAt } from '../strikes.ts'
import { subjectOf } from '../subjects.ts'
import { listKinds, putOn, sharedFaults, struck } from '../vendor-faults.ts'
import { startWorld, type World } from '../world.ts'
import { act, compared, nameDestination, written } from './hub.ts'
import { judgeDestination, judgeFigure, ownRows } from './judge.ts'
import type { DestinationPhase, DestinationPlan } from './plan.ts'
import { type Source, sourceOf } from './sources.ts'
import { createVandal } from './vandal.ts'

type Outcome = DealtOutcome & { plan: DestinationPlan }

/** One round; a strike that hit nothing is repeated at another moment. */
export const runDestinationRound = (plan: DestinationPlan, options: RoundOptions): Promise<Outcome> =>
  repeated(plan, (attempt) => tryRound(plan, options, attempt))

type Tried = Omit<Outcome, 'plan' | 'attempts' | 'seconds'>

interface Stage {
  world: World
  plan: DestinationPlan
  options: RoundOptions
  chance: Chance
  source: Source
  /** Connections: of the source, and of the organisation that is written to. */
  connection: string
  beside: string
  /** The destination. */
  id: string
  own: Awaited<ReturnType<typeof ownRows>>
  violations: Violation[]
  took: Record<string, number>
}

/** The organisation's own rows, among those that are written there. */
const ownRecords = 60

async function tryRound(plan: DestinationPlan, options: RoundOptions, attempt: number): Promise<Tried> {
  const { program, records } = options
  const seed = plan.seed % 1_000_000
  const took: Record<string, number> = {}
  const source = sourceOf(plan.source)
  const world = await timedInto(took, 'start', () =>
    startWorld({
      ...{ subject: source.subject, topology: plan.topology, records, seed, ...(program ? { program } : {}) },
      beside: { subject: subjectOf('dynamics'), records: ownRecords, seed: seed + 1 },
    }),
  )
  const violations: Violation[] = []
  let blow: Blow = { counted: false, before: 0, after: 0, gapMs: 0 }
  let changes = 0
  let writes = 0
  let failed = true
  try {
    const chance = chanceOf(plan.seed).branch(`attempt ${attempt}`)
    const stage = await prepare({ world, plan, options, chance, source, violations, took })
    changes = await live(stage, (found) => {
      blow = found
    })
    writes = await appliedWrites(world)()
    failed = violations.length > 0
  } catch (error) {
    const told = error instanceof TimeoutError ? error.message : String((error as Error).stack ?? error)
    violations.push({ kind: 'broken', told: `${told}${await stateOf(world)}` })
  } finally {
    await world.close(failed)
  }
  return { violations, blow, changes, writes, took, folder: failed ? world.folder : null }
}

/** For whoever reads of a round that did not end. */
async function stateOf({ api }: World): Promise<string> {
  const told = await api.ask('GET', '/destinations').catch((error: unknown) => String(error))
  return `; the destination: ${JSON.stringify(told)}`
}

/** Both organisations are copied, the destination is named, and what people did there before stands there. */
async function prepare(given: Omit<Stage, 'connection' | 'beside' | 'id' | 'own'>): Promise<Stage> {
  const { world, plan, source, chance, took } = given
  const connection = await world.connect('initial sync')
  const beside = await world.beside!.connect()
  await timedInto(took, 'copy', async () => {
    await copied(world, connection)
    await copied(world, beside)
  })
  await addForeigner(world)
  if (plan.company.forerunners) await addForerunners(world, source, chance.branch('forerunners'))
  const own = await ownRows(world, source)
  const id = await nameDestination(world, beside, plan.policy)
  const stage: Stage = { ...given, connection, beside, id, own }
  if (plan.phase !== 'first filling') {
    await act(world, id, 'start')
    await timedInto(took, 'fill', () => written(world, stage))
  }
  await world.beside!.control.post('/reset-requests', {})
  return stage
}

/** Of a CRM that is not connected: none of the hub's business. */
async function addForeigner({ beside }: World): Promise<void> {
  const fields = { lastname: 'Foreigner', msdyn_source_crm: 'Zendesk', msdyn_source_crm_id: '4711' }
  await beside!.control.post('/records', { entity: 'contact', operation: 'create', fields })
}

/** Another program wrote some of the rows before, under ids of its own. */
async function addForerunners({ control, subject, beside }: World, { written }: Source, chance: Chance): Promise<void> {
  const rows = (await subject.readDump(control, subject.tables.contact)).filter((row) => !row.deleted)
  for (const row of chance.shuffled(rows).slice(0, 20)) {
    const fields = {
      lastname: 'Forerunner',
      msdyn_source_crm: written.contact.label,
      msdyn_source_crm_id: row.id,
    }
    await beside!.control.post('/records', { entity: 'contact', operation: 'create', fields })
  }
}

/** What goes on in each phase: changes a second in the source, edits a second by hand there. */
const traffic: Record<DestinationPhase, { changes: number; vandalism: number; answerMs: number }> = {
  'first filling': { changes: 8, vandalism: 0, answerMs: 1_200 },
  changes: { changes: 25, vandalism: 0, answerMs: 150 },
  deletes: { changes: 15, vandalism: 0, answerMs: 150 },
  repair: { changes: 4, vandalism: 8, answerMs: 150 },
}

/** The source lives and is written on; the strike; then everything is set side by side. */
async function live(stage: Stage, onBlow: (blow: Blow) => void): Promise<number> {
  const { world, plan, chance, options, connection, beside, id, source } = stage
  const { phase } = plan
  const { changes, vandalism, answerMs } = traffic[phase]
  await setSchedule(world, connection, 1)
  const mostlyDeletes = phase === 'deletes'
  const life = await createLife({ world, chance: chance.branch('life'), spared: new Set(), mostlyDeletes })
  const vandal = await createVandal(world, source, {
    chance: chance.branch('vandal'),
    strips: plan.policy === 'delete',
  })
  const company = startCompany(stage, answerMs)
  const isFilling = phase === 'first filling'
  if (isFilling) await act(world, id, 'start')
  life.start(changes)
  if (vandalism > 0) vandal.start(vandalism)
  const repairs = phase === 'repair' ? keepRepairing(world, id) : null
  onBlow(await strikeDuring(stage, isFilling ? chance.whole(1, Math.floor(options.records / 3)) : chance.whole(10, 40)))
  await Promise.all([life.stop(), vandal.stop()])
  await repairs?.stop()
  await company.stop()
  await mended(world, beside)
  await timedInto(stage.took, 'settle', async () => {
    await settled(world, connection)
    await settled(world, beside)
    for (const one of [connection, beside]) await passedOnce(world, one)
    await passedOnce(world, connection)
  })
  const figure = await timedInto(stage.took, 'write', async () => {
    await written(world, stage)
    if (vandalism > 0) await compared(world, id, 'repair')
    return written(world, stage)
  })
  // What the hub wrote comes back as its own echo, and must not be taken for the organisation's own.
  await passedOnce(world, beside)
  stage.violations.push(
    ...judges.judgeRecords(await judges.takePicture(world, connection)),
    ...(await judgeDestination(stage)),
    ...judgeFigure(figure),
    ...(await judges.judgeLeases(world)),
  )
  return life.journal.length + vandal.hurt
}

/** A person asks for a repair again and again. */
function keepRepairing(world: World, id: string): { stop(): Promise<void> } {
  let stopped = false
  const run = async () => {
    while (!stopped) {
      await act(world, id, 'repair')
      await wait(1_500)
    }
  }
  const running = run()
  running.catch(() => undefined)
  return {
    stop() {
      stopped = true
      return running
    },
  }
}

/** Rows that the hub wrote there. */
function appliedWrites(world: World): Movement {
  const { subject, control } = world.beside!
  return async () => {
    const writes = await subject.loggedWrites(control)
    return writes.filter(({ status }) => status >= 200 && status < 300).length
  }
}

async function strikeDuring(stage: Stage, from: number): Promise<Blow> {
  const { world, plan, chance, options, took, id } = stage
  const { victim, strike } = plan
  const { excuse: _, ...blow } = await blowDuring({
    ...{ world, victim, strike, chance, movement: appliedWrites(world), from },
    carryOut: () =>
      strikeAt(
        { world, victim, strike, chance: chance.branch('strike'), stopMs: options.stopMs },
        { leases: `name = 'destination:${id}'`, vendor: () => strikeVendor(stage) },
      ),
    timed: (part, work) => timedInto(took, part, work),
    isOver: async () => false,
  })
  return blow
}

const batches = ['batch']
const lists = ['page', 'byIds']

async function strikeVendor({ world, plan, chance, beside }: Stage): Promise<void> {
  const { control } = world.beside!
  const ids = await putOn(control, faultsOf(plan, chance.branch('vendor')))
  await until(`the vendor fault '${plan.strike}' strikes`, 60, async () => (await struck(control, ids)) === ids.length)
  await wait(2_000)
  await mended(world, beside)
}

function faultsOf({ strike, phase }: DestinationPlan, chance: Chance) {
  if (strike === 'rights taken away') {
    return [{ kind: 'privilege-lost', on: batches, times: chance.whole(1, 3), entity: 'contact', privilege: 'Write' }]
  }
  // Longer than a page is asked for again.
  if (strike === 'broken list') return [{ kind: chance.pick(listKinds), on: ['page'], times: 7 }]
  return sharedFaults(
    strike,
    phase === 'repair' && chance.next() < 0.5 && !isOfWrites(strike) ? lists : batches,
    chance,
  )
}

const isOfWrites = (strike: string) => strike === 'late commit' || strike === 'lost answers'

/** The lighter troubles of a round, from now until they are stopped. */
function startCompany({ world, plan, chance }: Stage, answerMs: number): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { control } = world.beside!
  const own = chance.branch('company')
  const { lostAnswers, cutBodies, crawling, jolts, nap } = plan.company
  const kinds = [
    ...(lostAnswers ? [() => lostAnswer(own)] : []),
    ...(cutBodies ? [() => ({ kind: 'truncate', on: batches, after: own.whole(0, 6), times: 1, ratio: 0.6 })] : []),
    ...(crawling
      ? [() => ({ kind: 'slow-body', on: [...batches, ...lists], times: 1, ms: own.whole(500, 2_000) })]
      : []),
  ]
  const annoy = async () => {
    await putOn(control, [{ kind: 'latency', on: batches, times: 0, ms: answerMs }])
    const annoyances = kinds.map((make) => oneAtATime(control, make))
    while (!stopping.signal.aborted) {
      for (const one of annoyances) await one()
      await wait(700)
    }
  }
  const troubles = [annoy()]
  if (jolts) troubles.push(joltDatabase(world, chance, stopping.signal))
  if (nap) troubles.push(napOnce(world, chance))
  for (const trouble of troubles) trouble.catch(() => undefined)
  return {
    async stop() {
      stopping.abort()
      await Promise.all(troubles)
      await control.clearFaults()
    },
  }
}

const lostAnswer = (chance: Chance) =>
  chance.next() < 0.5
    ? { kind: 'drop-after', on: batches, times: 1 }
    : { kind: 'late-commit', on: batches, times: 1, ms: chance.whole(200, 2_500) }

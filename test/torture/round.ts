import { setTimeout as wait } from 'node:timers/promises'
import { type Blow, blowDuring, repeated, timedInto } from './blow.ts'
import { startCompany } from './company.ts'
import type { HubRecord, Violation } from './comparer/records.ts'
import type { Accepted } from './comparer/writes.ts'
import { feedEnd, readFeed, startFeedReader } from './feed-reader.ts'
import { forgottenPushes } from './inbox-probe.ts'
import * as judges from './judge.ts'
import { createLife, type ScriptedChange } from './life.ts'
import { copiedRows, type Movement, movementOf } from './movement.ts'
import { judgeActs, judgeEdits, judgeSharedWrites } from './people/judge.ts'
import { createPair, type Pair } from './people/pair.ts'
import type { Phase } from './phases.ts'
import type { RoundPlan } from './plan.ts'
import { TimeoutError, until } from './processes.ts'
import { audited, copied, hintsSettled, listTables, mended, passedOnce, setSchedule, settled } from './quiesce.ts'
import { type Chance, chanceOf } from './random.ts'
import { strike } from './strikes.ts'
import { subjectOf } from './subjects.ts'
import { watchTokens } from './token-watch.ts'
import { lifePage, tokenSeconds } from './vendor-faults.ts'
import { startWorld, type World } from './world.ts'
import { createWriter } from './writer.ts'

export interface RoundOptions {
  /** The folder with the hub's `src/main.ts`, where it is not the project. */
  program?: string
  stopMs: number
  records: number
  /** Dynamics where none is named. */
  crm?: string
}

export interface RoundOutcome {
  plan: RoundPlan
  violations: Violation[]
  blow: Blow
  attempts: number
  seconds: number
  /** How much there was to go wrong. */
  changes: number
  writes: number
  /** By two people of the same things. */
  edits: number
  pushesJudged: number
  /** Seconds that each part took. */
  took: Record<string, number>
  /** Logs of a round that failed. */
  folder: string | null
}

/** One round; a strike that hit nothing is repeated at another moment. */
export const runRound = (plan: RoundPlan, options: RoundOptions): Promise<RoundOutcome> =>
  repeated(plan, (attempt) => tryRound(plan, options, attempt))

interface Stage {
  world: World
  plan: RoundPlan
  options: RoundOptions
  chance: Chance
  connection: string
  /** Contacts that only the writer touches. */
  own: string[]
  /** Contacts to which two people write at the same time. */
  shared: string[]
  scripted: ScriptedChange[]
  excuses: judges.Excuse[]
  violations: Violation[]
  took: Record<string, number>
}

const timed = <T>({ took }: Pick<Stage, 'took'>, part: string, work: () => Promise<T>) => timedInto(took, part, work)

type Tried = Omit<RoundOutcome, 'plan' | 'attempts' | 'seconds'>

async function tryRound(plan: RoundPlan, options: RoundOptions, attempt: number): Promise<Tried> {
  const { program, records } = options
  const seed = plan.seed % 1_000_000
  const took: Record<string, number> = {}
  const subject = subjectOf(options.crm ?? 'dynamics')
  const world = await timed({ took }, 'start', () =>
    startWorld({
      subject,
      topology: plan.topology,
      records: records * subject.scale,
      seed,
      ...(program ? { program } : {}),
    }),
  )
  const chance = chanceOf(plan.seed).branch(`attempt ${attempt}`)
  let failed = true
  const stage: Stage = {
    ...{
      world,
      plan,
      options,
      chance,
      connection: '',
      own: [],
      shared: [],
      scripted: [],
      excuses: [],
      violations: [],
      took,
    },
  }
  let blow: Blow = { counted: false, before: 0, after: 0, gapMs: 0 }
  let lived = { changes: 0, writes: 0, edits: 0, pushesJudged: 0 }
  try {
    await copyAll(stage, (found) => {
      blow = found
    })
    lived = await live(stage, (found) => {
      blow = found
    })
    failed = stage.violations.length > 0
  } catch (error) {
    const told = error instanceof TimeoutError ? error.message : String((error as Error).stack ?? error)
    stage.violations.push({ kind: 'broken', told })
  } finally {
    await world.close(failed)
  }
  const { violations } = stage
  return { violations, blow, ...lived, took, folder: failed ? world.folder : null }
}

/** So few that the two meet. */
const sharedContacts = 4

/** The first copy; the strike, if it is meant for it. */
async function copyAll(stage: Stage, onBlow: (blow: Blow) => void): Promise<void> {
  const { world, plan, chance, options } = stage
  const isStruck = plan.phase === 'initial sync'
  const { control, subject } = world
  const contacts = await subject.readDump(control, subject.tables.contact)
  stage.own = chance
    .branch('own')
    .shuffled(contacts.map((row) => row.id))
    .slice(0, 150)
  stage.shared = stage.own.splice(0, sharedContacts)
  const isRough = plan.company.roughStart
  const { company: troubles, phase } = plan
  await subject.setUp(control, { company: troubles, phase, pageSize: isStruck || isRough ? 50 : 1_000 })
  if (!isStruck) {
    stage.connection = await world.connect(plan.phase)
    if (plan.company.roughStart) await breakCopy(stage)
    await copied(world, stage.connection)
    return
  }
  const life = await createLife({
    world,
    chance: chance.branch('copied'),
    spared: new Set([...stage.own, ...stage.shared]),
  })
  const company = startCompany({
    ...{ world, company: plan.company, phase: plan.phase, connection: '' },
    chance: chance.branch('company'),
  })
  stage.connection = await world.connect(plan.phase)
  life.start(12)
  onBlow(
    await strikeDuring(stage, copiedRows(world, stage.connection), chance.whole(1, Math.floor(options.records / 2))),
  )
  await life.stop()
  await company.stop()
  stage.scripted.push(...life.journal)
  await mended(world, stage.connection)
  await copied(world, stage.connection)
  await passesEnded(stage)
  stage.violations.push(...judges.judgeRecords(await judges.takePicture(world, stage.connection)))
}

/** Whoever copies dies while the database hangs, and the copy goes on. */
async function breakCopy({ world, connection, chance, options }: Stage): Promise<void> {
  const movement = copiedRows(world, connection)
  const from = chance.whole(50, 300)
  await until('the first rows', 90, async () => (await movement()) >= from, 20)
  const victim = world.topology === 'alone' ? 'hub' : 'worker'
  const order = { world, victim, phase: 'initial sync', strike: 'hang and kill', stopMs: options.stopMs } as const
  await strike({ ...order, chance: chance.branch('rough start'), connection })
  await world.restartDead()
}

/** Everything that is under way ends, and a pass more that began after the last change. */
async function passesEnded(stage: Stage): Promise<void> {
  const { world, connection } = stage
  await timed(stage, 'settle', () => settled(world, connection))
  await timed(stage, 'pass', async () => {
    await passedOnce(world, connection)
    await passedOnce(world, connection)
    if (!world.subject.passesTellDeletes) await audited(world, connection, true)
    await settled(world, connection)
  })
}

/** What goes on in each phase, per second; passes every so many seconds. */
const traffic: Record<Phase, { changes: number; writes: number; schedule: number; calm: number }> = {
  'initial sync': { changes: 15, writes: 3, schedule: 2, calm: 2 },
  'incremental sync': { changes: 25, writes: 1, schedule: 1, calm: 1 },
  hints: { changes: 25, writes: 1, schedule: 1, calm: 86_400 },
  'write-back': { changes: 6, writes: 14, schedule: 2, calm: 86_400 },
}

/** The copied organisation lives; the strike, if it is meant for that; then everything is set side by side. */
async function live(
  stage: Stage,
  onBlow: (blow: Blow) => void,
): Promise<Pick<RoundOutcome, 'changes' | 'writes' | 'edits' | 'pushesJudged'>> {
  const { world, plan, chance, connection } = stage
  const { changes, writes, schedule, calm } = traffic[plan.phase]
  const { control, api, subject } = world
  await setSchedule(world, connection, plan.company.overlap ? schedule : calm)
  await settled(world, connection)
  await subject.limitPages(control, lifePage)
  const before = await judges.readRecords(api)
  const cursor = await feedEnd(api)
  const reader = startFeedReader(api, cursor)
  const tokens = watchTokens(control)
  const life = await createLife({
    world,
    chance: chance.branch('life'),
    spared: new Set([...stage.own, ...stage.shared]),
  })
  const writer = createWriter({
    api,
    words: subject.writing,
    connection,
    chance: chance.branch('writer'),
    own: stage.own,
  })
  const pair = await pairOf(stage, before)
  const { company: troubles, phase } = plan
  const company = startCompany({ world, company: troubles, phase, connection, chance: chance.branch('life company') })
  const since = performance.now()
  life.start(changes)
  if (subject.lacks['write-back'] === undefined) writer.start(writes)
  pair.start(duels)
  if (plan.phase === 'initial sync') await wait(3_000)
  else onBlow(await strikeDuring(stage, movementOf(plan.phase, world, reader), chance.whole(15, 60)))
  await until('the edits of two people', 120, async () => pair.story.edits.length >= leastEdits)
  await Promise.all([life.stop(), writer.stop(), pair.stop()])
  await company.stop()
  stage.violations.push(...(await judgeEdits(world, pair.story)))
  const scripted = life.journal
  const pushesJudged = await judgePushesOf(stage, scripted, since)
  await passesEnded(stage)
  await Promise.all([reader.stop(), tokens.stop()])
  const whole = await readFeed(api, cursor)
  const picture = await judges.takePicture(world, connection)
  const kept = await judges.readWrites(api)
  const accepted = judges.withIds(writer.accepted, kept)
  const story = { before, after: picture.records, tailed: reader.changes, whole, scripted, accepted }
  stage.violations.push(...judges.judgeRecords(picture), ...judges.judgeFeed(story))
  stage.violations.push(...(await judges.judgeWrites(world, { accepted, writes: kept, picture })))
  stage.violations.push(...(await judgeSharedWrites(world, pair.story, { writes: kept, picture })))
  stage.violations.push(...(await judgeActs(world, pair.story, (at) => isExcused(stage, at))))
  stage.scripted.push(...scripted)
  await judgeTheRest(stage, accepted, tokens.given())
  const { edits, writes: shared } = pair.story
  return { changes: life.journal.length, writes: accepted.length + shared.length, edits: edits.length, pushesJudged }
}

/** So often in a second the two change the same thing in the same moment. */
const duels = 5
const leastEdits = 120

function pairOf({ world, connection, chance, shared }: Stage, held: readonly HubRecord[]): Promise<Pair> {
  const records = new Map(
    held.filter(({ source }) => shared.includes(source.id)).map(({ id, source }) => [source.id, id]),
  )
  const writes = world.subject.lacks['write-back'] === undefined
  return createPair({ world, connection, chance: chance.branch('pair'), records, writes })
}

/** Whether the database died at that time, or may have. */
const isExcused = ({ excuses, plan }: Stage, at: number) =>
  (plan.victim === 'hub' || plan.victim === 'postgres') && excuses.some(([from, to]) => at >= from && at <= to)

/** Where only pushes bring changes, each that was acknowledged has to be there without a pass. */
async function judgePushesOf(stage: Stage, scripted: readonly ScriptedChange[], since: number): Promise<number> {
  const { world, plan, connection } = stage
  if (plan.phase !== 'hints' || plan.company.overlap || hasDoubles(plan)) return 0
  await mended(world, connection)
  await hintsSettled(world, connection)
  const { judged, violations } = judges.judgePushes(world, scripted, await judges.readRecords(world.api), since)
  stage.violations.push(...violations)
  return judged
}

/** One acknowledgement a change is what the judge counts on. */
const hasDoubles = ({ company, strike: name }: RoundPlan) => company.unrulyPushes || name === 'unruly pushes'

async function judgeTheRest(stage: Stage, accepted: readonly Accepted[], given: readonly number[]): Promise<void> {
  const { world, plan, connection } = stage
  const written = [...accepted.map(({ sourceId }) => sourceId), ...stage.shared]
  const touched = new Set([...stage.scripted.map(({ id }) => id), ...written])
  stage.violations.push(
    ...(await judges.judgeRepairs(world, connection, touched)),
    ...(await judges.judgeAudit(world, connection)),
    ...(await judges.judgeLeases(world)),
    ...(await forgottenPushes(await world.postgres.url(), world.relay.acknowledged)),
  )
  if (plan.company.shortTokens && world.subject.tokensTell) {
    stage.violations.push(...judges.judgeTokens(given, tokenSeconds * 1000, stage.excuses))
  }
}

/** Waits until rows move, strikes, brings back what died, and waits until rows move again. */
async function strikeDuring(stage: Stage, movement: Movement, from: number): Promise<Blow> {
  const { world, plan, chance, options, connection } = stage
  const { victim, phase, strike: name } = plan
  const order = { world, victim, phase, strike: name, chance: chance.branch('strike'), stopMs: options.stopMs }
  const { excuse, ...found } = await blowDuring({
    ...{ world, victim, strike: name, chance, movement, from },
    carryOut: () => strike({ ...order, connection }),
    timed: (part, work) => timed(stage, part, work),
    isOver: async () => phase === 'initial sync' && (await isCopied(stage)),
  })
  stage.excuses.push(excuse)
  return found
}

async function isCopied({ world, connection }: Stage): Promise<boolean> {
  const tables = await listTables(world, connection)
  return tables.find(({ entity }) => entity === 'contact')?.firstPassAt !== null
}

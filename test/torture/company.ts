import { setTimeout as wait } from 'node:timers/promises'
import type { Control } from './clients.ts'
import type { Fault } from './fault.ts'
import type { Company, Phase } from './phases.ts'
import type { Chance } from './random.ts'
import type { Subject } from './subject.ts'
import { putOn, struck, unrulyPushes } from './vendor-faults.ts'
import type { World } from './world.ts'

/** What a page takes to answer, so that a strike finds work under way, and the longest of a first copy's leaves some. Milliseconds. */
const answerMs = { 'initial sync': 300, 'incremental sync': 60, hints: 60, 'write-back': 60 } satisfies Record<
  Phase,
  number
>
/** More than the 8 s that a lease lives. */
const napMs = 12_000

export interface CompanyOrder {
  world: World
  company: Company
  phase: Phase
  connection: string
  chance: Chance
}

/** The lighter troubles of a phase, from now until they are stopped. All of it is harmless to a hub without faults. */
export function startCompany(order: CompanyOrder): { stop(): Promise<void> } {
  const { world, company, chance } = order
  const stopping = new AbortController()
  const troubles = [annoyVendor(order, stopping.signal)]
  if (company.jolts) troubles.push(joltDatabase(world, chance, stopping.signal))
  if (company.nap) troubles.push(napOnce(world, chance))
  // A round that fails takes the world down before it stops these; whoever stops them is still told.
  for (const trouble of troubles) trouble.catch(() => undefined)
  return {
    async stop() {
      stopping.abort()
      await Promise.all(troubles)
      await world.control.clearFaults()
    },
  }
}

async function annoyVendor(order: CompanyOrder, stopping: AbortSignal): Promise<void> {
  const { world, company, phase, chance, connection } = order
  const { control, api, subject } = world
  await putOn(control, [{ kind: 'latency', on: subject.readings, times: 0, ms: answerMs[phase] }])
  if (phase === 'incremental sync') await putOn(control, [{ kind: 'webhook-drop', times: 0 }])
  else if (company.unrulyPushes) await putOn(control, unrulyPushes)
  if (company.brokenAudit && connection !== '') {
    await putOn(control, [await subject.brokenList(control, chance)])
    // A hub that is struck meanwhile answers later, or not at all: then there is no audit.
    void api.insist('POST', '/audits', { connection, entity: 'contact', repair: true }).catch(() => undefined)
  }
  const kinds = [
    ...(company.crawling ? [(chance: Chance) => crawl(chance, subject)] : []),
    ...(company.lostAnswers ? [(chance: Chance) => lostAnswer(chance, subject)] : []),
    ...(company.cutBodies ? [(chance: Chance) => cutBody(chance, subject)] : []),
  ]
  const annoyances = kinds.map((make) => oneAtATime(control, () => make(chance)))
  while (!stopping.aborted) {
    for (const annoy of annoyances) await annoy()
    await wait(700)
  }
}

/** The next one waits until the last has struck: else they gather while a victim sleeps, and it wakes to forty of them. */
export function oneAtATime(control: Control, make: () => Fault): () => Promise<void> {
  let waiting: number[] = []
  return async () => {
    if ((await struck(control, waiting)) === waiting.length) waiting = await putOn(control, [make()])
  }
}

const crawl = (chance: Chance, { requests }: Subject) => ({
  kind: 'slow-body',
  on: [chance.pick(requests['incremental sync'])],
  times: 1,
  ms: chance.whole(500, 2_000),
})

const lostAnswer = (chance: Chance, { requests }: Subject) =>
  chance.next() < 0.5
    ? { kind: 'drop-after', on: requests['write-back'], times: 1 }
    : { kind: 'late-commit', on: requests['write-back'], times: 1, ms: chance.whole(200, 1_800) }

const cutBody = (chance: Chance, { requests }: Subject) => ({
  kind: 'truncate',
  on: requests['incremental sync'],
  after: chance.whole(0, 6),
  times: 1,
  ratio: 0.3 + 0.6 * chance.next(),
})

export async function joltDatabase(world: World, chance: Chance, stopping: AbortSignal): Promise<void> {
  const own = chance.branch('jolts')
  while (!stopping.aborted) {
    await world.postgres.jolt(own, own.whole(40, 250))
    await wait(own.whole(30, 150))
  }
}

export async function napOnce(world: World, chance: Chance): Promise<void> {
  const own = chance.branch('nap')
  await wait(own.whole(500, 3_000))
  const worker = own.pick(world.workers())
  worker.signal('SIGSTOP')
  await wait(napMs)
  worker.signal('SIGCONT')
}

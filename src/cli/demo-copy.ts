import { setTimeout as wait } from 'node:timers/promises'
import type { Connection } from '../server/contract/connections.ts'
import type { Destination } from '../server/contract/destinations.ts'
import type { Run } from '../server/contract/runs.ts'
import type { Api } from './api.ts'
import type { StagedCrm } from './demo-crms.ts'
import { isWritten } from './demo-destination.ts'
import { Failure } from './failure.ts'
import { count, type Output } from './output.ts'
import { bar, type Progress, progressLines, progressOf } from './progress.ts'
import { heldByEntity, waitForRuns } from './sync.ts'

/** A CRM of the demo, connected. */
export interface Copied {
  crm: StagedCrm
  connection: Connection
}

const plainEveryMs = 2_000

/** Copies all at once, with a line for each table where there is one CRM, and for each CRM where there are several. */
export async function copyAll(api: Api, output: Output, copied: readonly Copied[]): Promise<void> {
  const asked = await Promise.all(
    copied.map(({ connection }) =>
      api.post<{ runs: Run[] }>('/runs', { connection: connection.id, kind: 'incremental' }),
    ),
  )
  const linesOf = (runs: readonly Run[]) => linesOfAll(copied, runs)
  let toldAt = Number.NEGATIVE_INFINITY
  const ended = await waitForRuns(
    api,
    asked.flatMap(({ runs }) => runs),
    (now) => {
      output.draw(linesOf(now))
      if (output.terminal || performance.now() - toldAt < plainEveryMs) return
      toldAt = performance.now()
      if (now.some(({ state }) => state === 'running')) for (const line of linesOf(now)) output.line(line)
    },
  )
  output.draw([])
  // Of several, what they hold is told instead.
  if (copied.length === 1) for (const line of linesOf(ended)) output.line(line)
  const failed = ended.find((run) => run.state !== 'done')
  if (!failed) return
  const message = `The copy of ${failed.entity} ended as ${failed.state}: ${failed.problem?.message ?? ''}`
  throw new Failure({ code: failed.problem?.code ?? 'internal', message })
}

function linesOfAll(copied: readonly Copied[], runs: readonly Run[]): string[] {
  if (copied.length === 1) return progressLines(runs.map(progressOf))
  return progressLines(
    copied.map(({ crm, connection }) => ({
      ...together(runs.filter(({ connectionId }) => connectionId === connection.id)),
      name: nameOf(crm.name, crm.title),
    })),
  )
}

/** The passes over a CRM's tables as one. */
function together(runs: readonly Run[]): Omit<Progress, 'name'> {
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0)
  const open = runs.filter(({ state }) => state !== 'done')
  const left = open.map(({ secondsLeft }) => secondsLeft)
  const records = sum((run) => run.records)
  // A table whose rows nobody counts: how many there are is known when all were read.
  const known = open.every(({ expected }) => expected !== null)
  const broken = runs.find(({ problem, state }) => problem !== null && state !== 'done')
  const begun = open.some(({ state }) => state === 'running')
  return {
    records,
    expected: known ? sum((run) => Math.max(run.records, run.expected ?? 0)) : null,
    rate: sum((run) => (open.length > 0 && run.state !== 'running' ? 0 : (run.rate ?? 0))) || null,
    secondsLeft: left.some((one) => one === null) ? null : Math.max(0, ...(left as number[])),
    parked: sum((run) => run.parked),
    state: open.length === 0 ? 'done' : begun ? 'running' : (broken ?? open[0]!).state,
    problem: broken?.problem ?? null,
  }
}

interface Held {
  /** Of all CRMs together, by entity. */
  synced: Record<string, number>
  connections: { name: string; crm: string; synced: Record<string, number> }[]
}

/** What the hub holds now. */
export async function heldOf(api: Api, copied: readonly Copied[]): Promise<Held> {
  const connections: Held['connections'] = []
  const synced: Record<string, number> = {}
  for (const { crm, connection } of copied) {
    const held = await heldByEntity(api, connection.id)
    connections.push({ name: connection.name, crm: crm.kind, synced: held })
    for (const [entity, records] of Object.entries(held)) synced[entity] = (synced[entity] ?? 0) + records
  }
  return { synced, connections }
}

/** Wide enough for the demo's names, so that lines that are told one after the other stand below each other. */
const widths = [9, 12]
const nameOf = (name: string, title: string) => [name.padEnd(widths[0]!), title.padEnd(widths[1]!)]

/** What is held of each, where there are several. */
export function tellHeld(output: Output, copied: readonly Copied[], { connections }: Held): void {
  if (copied.length === 1) return
  const totals = connections.map(({ synced }) => count(Object.values(synced).reduce((sum, n) => sum + n, 0)))
  const wide = Math.max(...totals.map(({ length }) => length))
  for (const [i, { synced }] of connections.entries()) {
    const { name, title } = copied[i]!.crm
    const parts = Object.entries(synced).map(([entity, records]) => `${count(records)} ${entity.replaceAll('_', ' ')}`)
    output.line([...nameOf(name, title), bar(1), totals[i]!.padStart(wide), parts.join(' · ')].join('  '))
  }
}

const lookEveryMs = 500

/** Until the accounts and contacts of all others stand in the destination. */
export async function waitWritten(
  api: Api,
  output: Output,
  given: { destination: string; wanted: number; name: string },
): Promise<Destination> {
  const began = performance.now()
  let first: number | null = null
  for (let toldAt = Number.NEGATIVE_INFINITY; ; await wait(lookEveryMs)) {
    const now = await api.get<Destination>(`/destinations/${given.destination}`)
    first ??= now.progress.written
    const seconds = (performance.now() - began) / 1000
    const rate = seconds > 1 ? Math.round((now.progress.written - first) / seconds) : null
    const done = isWritten(now) && (now.progress.rows >= given.wanted || now.problem !== null)
    const line = destinationLine(now, { ...given, rate, done })
    output.draw([line])
    if (done || (!output.terminal && performance.now() - toldAt > plainEveryMs)) {
      toldAt = performance.now()
      output.line(line)
    }
    if (done) return now
  }
}

function destinationLine(
  { progress, problem }: Destination,
  { name, wanted, rate, done }: { name: string; wanted: number; rate: number | null; done: boolean },
): string {
  const { rows, written, parked } = progress
  const whole = Math.max(1, rows, wanted)
  const told = [
    ...nameOf(`→ ${name}`, 'destination'),
    bar(done ? 1 : Math.min(0.999, written / whole)),
    count(written),
    done ? 'accounts and contacts of the others written' : `of ${count(whole)}`,
    rate ? `${count(rate)}/s` : '',
    parked > 0 ? `${count(parked)} not taken` : '',
    problem?.message ?? '',
  ]
  return told.filter(Boolean).join('  ')
}

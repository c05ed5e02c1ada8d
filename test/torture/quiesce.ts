import { Refused } from '../support/simulator-control.ts'
import { until } from './processes.ts'
import type { World } from './world.ts'

export interface TableFacts {
  entity: string
  sourceName: string
  enabled: boolean
  firstPassAt: string | null
  completeness: unknown
}

export async function listTables({ api }: World, connection: string): Promise<TableFacts[]> {
  return (await api.insist<{ tables: TableFacts[] }>('GET', `/connections/${connection}/tables`)).tables
}

/** Every table was copied, read for what changed meanwhile, and audited. */
export async function copied(world: World, connection: string): Promise<void> {
  await until('the end of the first copy', 240, async () => {
    const tables = await listTables(world, connection)
    await resumeCopies(world, connection)
    return tables.every((table) => !table.enabled || (table.firstPassAt !== null && table.completeness !== null))
  })
  await runsEnded(world, connection)
}

interface Status {
  connections: {
    id: string
    state: string
    hintsOpen: number
    writesOpen: number
    tables: { entity: string; run: RunFacts | null }[]
  }[]
}

export interface RunFacts {
  id: string
  entity: string
  kind: string
  state: string
  records: number
  written: number
  expected: number | null
  problem: { code: string; message: string } | null
  result: { named?: { sourceId: string; kind: string }[]; differences?: number } | null
}

// Pauses grow to a minute while a CRM is in trouble; beyond this nothing that is still open will ever end.
const patienceSeconds = 200

async function statusOf({ api }: World, connection: string): Promise<Status['connections'][number]> {
  const { connections } = await api.insist<Status>('GET', '/status')
  return connections.find(({ id }) => id === connection)!
}

export async function listRuns({ api }: World, connection: string): Promise<RunFacts[]> {
  return (await api.insist<{ runs: RunFacts[] }>('GET', `/runs?connection=${connection}&limit=1000`)).runs
}

/** A first copy, or the audit after it, that gave up is resumed, as a person would who saw it. */
async function resumeCopies(world: World, connection: string): Promise<void> {
  const stopped = (await listRuns(world, connection)).filter(
    ({ kind, state }) => (kind === 'initial' || kind === 'audit') && state === 'failed',
  )
  for (const { id } of stopped) await world.api.insist('POST', `/runs/${id}/resume`).catch(refused)
}

/** No push is on its way or kept unread. */
export async function hintsSettled(world: World, connection: string): Promise<void> {
  await until('the end of all pushes', patienceSeconds, async () => {
    const { pending } = await world.control.get<{ pending: number }>('/webhooks')
    return pending === 0 && world.relay.open === 0 && (await statusOf(world, connection)).hintsOpen === 0
  })
}

/** A connection that broke is checked at once, as a person would who mended it. */
export async function mended(world: World, connection: string): Promise<void> {
  await until('the connection’s return to work', patienceSeconds, async () => {
    const { state } = await statusOf(world, connection)
    if (state === 'active') return true
    await world.api.insist('POST', `/connections/${connection}/check`, {}).catch(refused)
    return false
  })
}

const refused = (error: unknown) => {
  if (!(error instanceof Refused)) throw error
}

async function writesSettled(world: World, connection: string): Promise<void> {
  await until(
    'the end of all writes',
    patienceSeconds,
    async () => (await statusOf(world, connection)).writesOpen === 0,
  )
}

/** No run is open. */
async function runsEnded(world: World, connection: string): Promise<void> {
  let calm = 0
  await until('the end of all runs', patienceSeconds, async () => {
    const runs = await listRuns(world, connection)
    const open = runs.filter(({ state }) => state === 'waiting' || state === 'running')
    calm = open.length === 0 ? calm + 1 : 0
    // Seen twice: a pass that another one asks for is asked for in the transaction that ends it.
    return calm === 2
  })
}

/** A pass over every table that began after this call, and all that it brought is settled. */
export async function passedOnce(world: World, connection: string): Promise<void> {
  const { api } = world
  const { runs } = await api.insist<{ runs: RunFacts[] }>('POST', '/runs', { connection, kind: 'incremental' })
  const left = new Map(runs.map((run) => [run.id, run]))
  await until('the end of a pass', patienceSeconds, async () => {
    for (const { id, entity } of [...left.values()]) {
      const run = await api.insist<RunFacts>('GET', `/runs/${id}`)
      if (run.state === 'done') left.delete(id)
      if (run.state !== 'failed') continue
      left.delete(id)
      const body = { connection, entity, kind: 'incremental' }
      const again = await api.insist<{ runs: RunFacts[] }>('POST', '/runs', body)
      for (const one of again.runs) left.set(one.id, one)
    }
    return left.size === 0
  })
}

/** Everything that began has ended: pushes, passes, writes. */
export async function settled(world: World, connection: string): Promise<void> {
  await mended(world, connection)
  await hintsSettled(world, connection)
  await writesSettled(world, connection)
  await runsEnded(world, connection)
  await hintsSettled(world, connection)
}

/** The hub's own audit of every table: what it names, and mends where it is to. */
export async function audited(
  world: World,
  connection: string,
  repair = false,
): Promise<{ entity: string; sourceId: string; kind: string }[]> {
  const { api } = world
  const { runs } = await api.insist<{ runs: RunFacts[] }>('POST', '/audits', { connection, repair })
  const named: { entity: string; sourceId: string; kind: string }[] = []
  for (const { id, entity } of runs) {
    const run = await until(`the audit of ${entity}`, patienceSeconds, async () => {
      const now = await api.insist<RunFacts>('GET', `/runs/${id}`)
      return now.state === 'done' || now.state === 'failed' ? now : null
    })
    if (run.state === 'failed') named.push({ entity, sourceId: '', kind: run.problem?.message ?? 'failed' })
    for (const one of run.result?.named ?? []) named.push({ entity, ...one })
  }
  return named
}

export async function setSchedule(world: World, connection: string, seconds: number): Promise<void> {
  for (const entity of Object.keys(world.subject.tables)) {
    await world.api.insist('PATCH', `/connections/${connection}/tables/${entity}`, { scheduleSeconds: seconds })
  }
}

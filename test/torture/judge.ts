import type { HubApi } from './clients.ts'
import { compareFeed, type Done } from './comparer/feed.ts'
import { comparePushes } from './comparer/pushes.ts'
import { compareRecords, type HubRecord, type Violation } from './comparer/records.ts'
import { type Accepted, compareWrites, type HubWrite } from './comparer/writes.ts'
import type { DumpedRow } from './dumped-row.ts'
import type { FedChange } from './feed-reader.ts'
import type { ScriptedChange } from './life.ts'
import { audited, listRuns, listTables } from './quiesce.ts'
import type { World } from './world.ts'

const pageSize = 1000

/** Every record that the hub holds, tombstones too. */
export async function readRecords(api: HubApi, connection?: string): Promise<HubRecord[]> {
  const records: HubRecord[] = []
  const of = connection === undefined ? '' : `&connection=${connection}`
  for (let cursor = ''; ; ) {
    const path = `/records?limit=${pageSize}${of}${cursor === '' ? '' : `&cursor=${cursor}`}`
    const page = await api.insist<{ records: HubRecord[]; next: string | null }>('GET', path)
    records.push(...page.records)
    if (page.next === null) return records
    cursor = page.next
  }
}

/** Both sides as they are now. */
export interface Picture {
  records: HubRecord[]
  /** By the hub's name of the entity. */
  rows: Map<string, DumpedRow[]>
}

export async function takePicture(world: World, connection: string): Promise<Picture> {
  const { api, control, subject } = world
  const tables = await listTables(world, connection)
  const rows = new Map<string, DumpedRow[]>()
  for (const { entity, sourceName, enabled } of tables)
    if (enabled) rows.set(entity, await subject.readDump(control, sourceName))
  return { records: await readRecords(api, connection), rows }
}

export function judgeRecords({ records, rows }: Picture): Violation[] {
  const held = Map.groupBy(records, (record) => record.entity)
  return [...rows].flatMap(([entity, ofCrm]) => compareRecords(entity, held.get(entity) ?? [], ofCrm))
}

export async function readWrites(api: HubApi): Promise<HubWrite[]> {
  const writes: HubWrite[] = []
  for (let cursor = ''; ; ) {
    const path = `/writes?limit=${pageSize}${cursor === '' ? '' : `&cursor=${cursor}`}`
    const page = await api.insist<{ writes: HubWrite[]; next: string | null }>('GET', path)
    writes.push(...page.writes)
    if (page.next === null) return writes
    cursor = page.next
  }
}

/** Where the CRM chooses ids, a record that was to be created has its own only now. */
export function withIds(accepted: readonly Accepted[], writes: readonly HubWrite[]): Accepted[] {
  const known = new Map(writes.map(({ id, sourceId }) => [id, sourceId]))
  return accepted.map((write) => ({ ...write, sourceId: known.get(write.id) ?? write.sourceId }))
}

export async function judgeWrites(
  { control, subject }: World,
  story: { accepted: readonly Accepted[]; writes: readonly HubWrite[]; picture: Picture },
): Promise<Violation[]> {
  const { accepted, writes, picture } = story
  const rows = picture.rows.get('contact') ?? []
  return compareWrites({ accepted, writes, log: await subject.loggedWrites(control), rows })
}

export interface FeedStory {
  before: readonly HubRecord[]
  after: readonly HubRecord[]
  tailed: readonly FedChange[]
  whole: readonly FedChange[]
  scripted: readonly ScriptedChange[]
  accepted: readonly Accepted[]
}

export function judgeFeed({ scripted, accepted, ...story }: FeedStory): Violation[] {
  const done = new Map<string, Done>()
  const note = (name: string, what: keyof Done | undefined) => {
    const counts = done.get(name) ?? { created: 0, deleted: 0, restored: 0 }
    if (what) counts[what] += 1
    done.set(name, counts)
  }
  const names = { create: 'created', delete: 'deleted', restore: 'restored', change: undefined } as const
  for (const { entity, id, operation } of scripted) note(`${entity} ${id}`, names[operation])
  for (const { entity, sourceId, operation } of accepted) {
    note(`${entity} ${sourceId}`, operation === 'create' ? 'created' : operation === 'delete' ? 'deleted' : undefined)
  }
  return compareFeed({ ...story, done })
}

/** Pushes that were acknowledged, of records that only the script touched. */
export function judgePushes(
  world: World,
  scripted: readonly ScriptedChange[],
  records: readonly HubRecord[],
  since: number,
): { judged: number; violations: Violation[] } {
  const acknowledged = world.relay.acknowledged.filter((push) => push.at >= since).flatMap(({ subjects }) => subjects)
  return comparePushes({ changes: scripted, acknowledged, records })
}

/**
 * Repairs that the hub made by itself. That it has them is a promise kept; that it needed one for a row which nobody
 * touched says that the copy had lost or spoilt it in silence.
 */
export async function judgeRepairs(
  world: World,
  connection: string,
  touched: ReadonlySet<string>,
): Promise<Violation[]> {
  const runs = await listRuns(world, connection)
  const repairs = runs
    .filter((run) => run.kind === 'audit')
    .flatMap(({ entity, result }) => (result?.named ?? []).map(({ sourceId, kind }) => ({ entity, sourceId, kind })))
  return repairs
    .filter(({ sourceId }) => !touched.has(sourceId))
    .map(({ entity, sourceId, kind }) => ({
      kind: kind === 'missing' ? 'lost' : kind === 'extra' ? 'revived' : 'stale',
      told: `${entity} ${sourceId}: an audit had to heal it (${kind}), and nobody had touched it`,
    }))
}

/** What the hub's own audit says at the end: it must find nothing, derived values included. */
export async function judgeAudit(world: World, connection: string): Promise<Violation[]> {
  const named = await audited(world, connection)
  return named.map(({ entity, sourceId, kind }) => ({
    kind: 'broken',
    told: `audit of ${entity}: ${kind} ${sourceId}`,
  }))
}

export async function judgeLeases({ probe }: World): Promise<Violation[]> {
  if (!probe) return []
  return (await probe.intruders()).map((told) => ({ kind: 'broken', told: `without a lease: ${told}` }))
}

/** Stretches of time (milliseconds since the epoch) in which a second renewal has an excuse. */
export type Excuse = readonly [from: number, to: number]

/** The hub renews a token in the middle of its life; two renewals closer than that were made side by side. */
export function judgeTokens(given: readonly number[], lifeMs: number, excuses: readonly Excuse[]): Violation[] {
  const isExcused = (at: number) => excuses.some(([from, to]) => at >= from && at <= to)
  return given.flatMap((at, n) => {
    const before = given[n - 1]
    if (before === undefined || at - before > lifeMs / 4 || isExcused(at) || isExcused(before)) return []
    return [{ kind: 'doubled', told: `a token was renewed twice within ${at - before} ms` } as const]
  })
}

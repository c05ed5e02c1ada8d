import { isEarlier } from './marks.ts'
import type { HubRecord, Violation } from './records.ts'

/** A row of `GET /api/v1/changes`. */
export interface FeedRow {
  id: string
  recordId: string
  entity: string
  operation: string
  mark: string | null
  changed: Record<string, { before: unknown; after: unknown }>
}

/** How often each thing was done to a record, by anyone, since the snapshot. */
export interface Done {
  created: number
  deleted: number
  restored: number
}

export interface FeedCase {
  /** As the hub held the records when the reading began. */
  before: readonly HubRecord[]
  /** As it holds them now. */
  after: readonly HubRecord[]
  /** What a consumer read while all went on. */
  tailed: readonly FeedRow[]
  /** The same stretch, read at the end. */
  whole: readonly FeedRow[]
  /** By entity and source id. */
  done: ReadonlyMap<string, Done>
}

/**
 * The feed tells the whole story: nothing that a consumer was not given, no step whose beginning is not the end of the
 * step before, no record whose end is not what the hub holds, and nothing that nobody did.
 */
export function compareFeed(feed: FeedCase): Violation[] {
  return [...sameReading(feed), ...tellsAll(feed)]
}

function sameReading({ tailed, whole }: FeedCase): Violation[] {
  const given = new Set<string>()
  const violations: Violation[] = []
  for (const { id, entity, recordId } of tailed) {
    if (given.has(id))
      violations.push({ kind: 'doubled', told: `a consumer was given change ${id} of ${entity} ${recordId} twice` })
    given.add(id)
  }
  const missed = whole.filter((row) => !given.has(row.id))
  for (const row of missed) violations.push({ kind: 'lost', told: `a consumer was never given change ${row.id}` })
  return violations
}

/** A record as the feed has told it so far; null: not there. */
interface Told {
  fields: Record<string, unknown> | null
  mark: string | null
  counts: Done
  /** The hub held content of it before. */
  seen: boolean
}

function tellsAll({ before, after, whole, done }: FeedCase): Violation[] {
  const violations: Violation[] = []
  const start = new Map(before.map((record) => [record.id, record]))
  const end = new Map(after.map((record) => [record.id, record]))
  const told = new Map<string, Told>()
  for (const row of inTheirOrder(whole)) {
    const known = told.get(row.recordId) ?? beginning(start.get(row.recordId))
    const wrong = step(known, row)
    if (wrong !== null)
      violations.push({
        kind: wrong.kind,
        told: `feed of ${row.entity} ${row.recordId}, change ${row.id}: ${wrong.told}`,
      })
    told.set(row.recordId, known)
  }
  for (const [id, one] of told) {
    const record = end.get(id)
    violations.push(...endsAs(record, one.fields), ...wasDone(record, one, done))
  }
  for (const [id, record] of end) {
    if (told.has(id)) continue
    const was = start.get(id)
    if (!was ? isThere(record) : was.mark !== record.mark && !sameContent(was.sourceFields, record.sourceFields))
      violations.push({ kind: 'lost', told: `feed: nothing was told of ${record.entity} ${record.source.id}` })
  }
  return violations
}

/** Of one record, the change with the higher id is the later one. */
const inTheirOrder = (rows: readonly FeedRow[]) => [...rows].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))

const isThere = (record: HubRecord | undefined) => record !== undefined && record.deletedAt === null
const contentOf = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !name.includes('@')))

const beginning = (record: HubRecord | undefined): Told => ({
  fields: record && isThere(record) ? contentOf(record.sourceFields) : null,
  mark: record?.mark ?? null,
  counts: { created: 0, deleted: 0, restored: 0 },
  seen: record !== undefined && Object.keys(record.sourceFields).length > 0,
})

function step(known: Told, row: FeedRow): Violation | null {
  const { operation } = row
  if (operation === 'created' || operation === 'deleted' || operation === 'restored') known.counts[operation] += 1
  const { mark } = row
  if (isEarlier(mark, known.mark)) return { kind: 'stale', told: `version ${row.mark} after version ${known.mark}` }
  known.mark = mark ?? known.mark
  if (operation === 'deleted') {
    const was = known.fields
    known.fields = null
    return was === null ? { kind: 'doubled', told: 'deleted, and was not there' } : null
  }
  const comesIn = operation === 'created' || operation === 'restored'
  if (comesIn && known.fields !== null) return { kind: 'doubled', told: `${operation}, and was there` }
  if (!comesIn && known.fields === null) return { kind: 'lost', told: `${operation}, and was not there` }
  const fields = known.fields ?? {}
  known.fields = {
    ...fields,
    ...Object.fromEntries(Object.entries(row.changed).map(([name, { after }]) => [name, after])),
  }
  for (const [name, { before }] of comesIn ? [] : Object.entries(row.changed)) {
    const said = JSON.stringify(before ?? null)
    if (said !== JSON.stringify(fields[name] ?? null))
      return { kind: 'lost', told: `${name} was ${said}, which no change before it told` }
  }
  return null
}

function endsAs(record: HubRecord | undefined, fields: Record<string, unknown> | null): Violation[] {
  const name = record ? `${record.entity} ${record.source.id}` : 'a record that the hub does not hold'
  const alive = record !== undefined && isThere(record)
  if (!alive || fields === null) {
    if (alive === (fields !== null)) return []
    return [{ kind: alive ? 'lost' : 'revived', told: `feed: ${name} ends as ${fields ? 'there' : 'gone'}` }]
  }
  if (sameContent(fields, record.sourceFields)) return []
  return [{ kind: 'stale', told: `feed: ${name} ends with other values than the hub holds` }]
}

function sameContent(told: Record<string, unknown>, held: Record<string, unknown>): boolean {
  const content = contentOf(held)
  return Object.keys(content).every(
    (name) => JSON.stringify(told[name] ?? null) === JSON.stringify(content[name] ?? null),
  )
}

/** Nothing is told that nobody did; several things done between two readings may be told as one. */
function wasDone(record: HubRecord | undefined, { counts, seen }: Told, done: ReadonlyMap<string, Done>): Violation[] {
  if (!record) return []
  const name = `${record.entity} ${record.source.id}`
  const really = done.get(name) ?? { created: 0, deleted: 0, restored: 0 }
  // What was gone before the hub ever saw it comes in as a new record when it is restored.
  const most = { ...really, created: really.created + (seen ? 0 : really.restored) }
  const kinds = { created: 'doubled', deleted: 'lost', restored: 'revived' } as const
  return (Object.keys(kinds) as (keyof Done)[])
    .filter((what) => counts[what] > most[what])
    .map((what) => ({
      kind: kinds[what],
      told: `feed: ${name} was ${what} ${counts[what]} times, in the CRM ${most[what]}`,
    }))
}

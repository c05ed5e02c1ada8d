import { cursorOf, encodeCookie, isTracking } from './cookie.ts'
import { odata, ServiceError } from './errors.ts'
import { json, type Reply } from './http.ts'
import { applied, contextOf, type ListRequest, linkWith } from './list-request.ts'
import { now } from './organization.ts'
import { selected } from './query.ts'
import { annotationTest, rowWriter } from './row-json.ts'
import { changedSince, type Entry, idOf, type Row, rowsById, seededSince, type Table } from './table.ts'

const DAY = 86_400_000

/** A first read with `Prefer: odata.track-changes`: all rows, and on the last page a delta link. */
export function trackedPage(r: ListRequest): Reply {
  const { table, query, prefer, org } = r
  refuseOptions(r)
  const cursor = cursorOf(query.skiptoken)
  const size = pageSize(r)
  const rows = firstRows(rowsById(table, cursor?.get(table.definition.pk) ?? null), size + 1)
  const stamp = cursor?.get('stamp') ?? String(org.counter)
  const annotations = annotationTest(prefer.get('odata.include-annotations'))
  const write = rowWriter(org, table, selected(table, query.select), { annotations })
  const page = rows.slice(0, size)
  const parts = [contextOf(r), `"value":[${page.map(write).join(',')}]`]
  if (rows.length > size) {
    const place = new Map([[table.definition.pk, idOf(table, page.at(-1)!)]])
    place.set('stamp', stamp)
    parts.push(link('nextLink', linkWith(r, '$skiptoken', encodeCookie(place, query.skiptoken, true))))
  } else if (!annotations) {
    // Stamped now, when the last page is served: rows of earlier pages that changed since are missed.
    parts.push(link('deltaLink', deltaLink(r, org.settings.tokenAtStart ? Number(stamp) : org.counter)))
  }
  return json(200, `{${parts.join(',')}}`, applied(prefer))
}

export const wantsTracking = (r: ListRequest) =>
  r.prefer.has('odata.track-changes') || (isTracking(r.query.skiptoken) && r.query.deltatoken === null)

function refuseOptions(r: ListRequest): void {
  const { query, table } = r
  const given = { filter: query.filter, orderby: query.orderby[0], expand: query.expand[0], top: query.top }
  for (const [name, value] of Object.entries(given))
    if (value !== null && value !== undefined)
      throw odata(`The "$${name}" query parameter isn't supported when Change Tracking is enabled.`)
  if (!table.definition.changeTracking)
    throw new ServiceError(400, '0x80044354', `Entity ${table.definition.logical} is not enabled for Change Tracking.`)
}

const pageSize = (r: ListRequest) => {
  const asked = Number(r.prefer.get('odata.maxpagesize'))
  return Math.min(asked > 0 ? asked : 5000, r.org.settings.maxPageSize)
}

const link = (name: string, url: string) => `"@odata.${name}":${JSON.stringify(url)}`

function firstRows(rows: Iterable<Row>, count: number): Row[] {
  const out: Row[] = []
  for (const row of rows) {
    out.push(row)
    if (out.length >= count) break
  }
  return out
}

function deltaLink(r: ListRequest, version: number): string {
  const d = new Date(now(r.org))
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())}/${d.getUTCFullYear()}`
  const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`
  const sent = r.query.sent.filter(([name]) => name !== '$skiptoken' && name !== '$deltatoken')
  return linkWith({ ...r, query: { ...r.query, sent } }, '$deltatoken', `${version}!${day} ${time}`)
}

/** The version that a delta token stands for; throws where it is void. */
function readToken(r: ListRequest): number {
  const [, version, month, day, year, time] =
    /^(\d+)!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(r.query.deltatoken ?? '') ?? []
  const at = Date.parse(`${year}-${month}-${day}T${time}Z`)
  if (version === undefined || Number.isNaN(at) || Number(version) > r.org.counter)
    throw new ServiceError(400, '0x80044183', 'Invalid version stamp')
  const expired = now(r.org) - at > r.org.settings.expireChangeTrackingDays * DAY
  if (expired || r.table.schemaVersion > Number(version)) throw expiredToken()
  return Number(version)
}

const expiredToken = () =>
  new ServiceError(
    400,
    '0x80044352',
    'Version stamp associated with the client has expired. Please perform a full sync.',
  )

type Delta = { updated: Entry[]; deleted: Entry[] }

/** Updated rows by version, then deletions; what changes while its pages are read belongs to the next one. */
function delta(table: Table, from: number, upTo: number): Delta {
  const entries = [...seededSince(table, from), ...changedSince(table, from)].filter((e) => e.version <= upTo)
  return { updated: entries.filter((e) => !e.deleted), deleted: entries.filter((e) => e.deleted) }
}

export function countChanges(r: ListRequest): number {
  const { updated, deleted } = delta(r.table, readToken(r), r.org.counter)
  return updated.length + deleted.length
}

export function deltaPage(r: ListRequest): Reply {
  const { table, query, prefer, org } = r
  refuseOptions(r)
  const from = readToken(r)
  const cursor = cursorOf(query.skiptoken)
  const upTo = Number(cursor?.get('upto') ?? org.counter)
  const after = Number(cursor?.get('version') ?? 0)
  const inDeletes = cursor?.get('phase') === 'deleted'
  const { updated, deleted } = delta(table, from, upTo)
  const pending = [
    ...updated.filter((e) => !inDeletes && e.version > after),
    ...deleted.filter((e) => !inDeletes || e.version > after),
  ]
  const page = pending.slice(0, pageSize(r))
  const annotations = annotationTest(prefer.get('odata.include-annotations'))
  const write = rowWriter(org, table, selected(table, query.select), { annotations })
  const context = `${r.root}$metadata#${table.definition.set}/$deletedEntity`
  const gone = (e: Entry) => `{"@odata.context":${JSON.stringify(context)},"id":"${e.id}","reason":"deleted"}`
  const parts = [contextOf(r, '/$delta'), `"value":[${page.map((e) => (e.deleted ? gone(e) : write(e))).join(',')}]`]
  const last = page.at(-1)
  if (pending.length > page.length && last) {
    const place = new Map([
      ['version', String(last.version)],
      ['phase', last.deleted ? 'deleted' : 'updated'],
      ['upto', String(upTo)],
    ])
    parts.push(link('nextLink', linkWith(r, '$skiptoken', encodeCookie(place, query.skiptoken, true))))
  } else if (!annotations) parts.push(link('deltaLink', deltaLink(r, upTo)))
  return json(200, `{${parts.join(',')}}`, applied(prefer))
}

import { bisect } from '../organisation/bisect.ts'
import { isoSeconds } from '../organisation/seed.ts'
import { cursorOf, encodeCookie } from './cookie.ts'
import { odata } from './errors.ts'
import { compileFilter, lowerBound, onlyValues } from './evaluate.ts'
import { expander } from './expand.ts'
import { json, type Reply } from './http.ts'
import { applied, contextOf, type ListRequest, linkWith } from './list-request.ts'
import { type Query, resolver, selected } from './query.ts'
import { annotationTest, rowWriter } from './row-json.ts'
import type { Value } from './schema.ts'
import { find, idOf, type Row, reader, rowsById, seededByRank, type Table, versionOf } from './table.ts'

/** The service stops counting here. */
export const COUNT_LIMIT = 5000

type Order = { wire: string; descending: boolean; read: (row: Row) => Value }

export function listPage(r: ListRequest): Reply {
  const { table, query, prefer, org } = r
  const asked = Number(prefer.get('odata.maxpagesize'))
  const limit = Math.min(asked > 0 ? asked : 5000, org.settings.maxPageSize)
  // With both given the service ignores $top.
  const top = asked > 0 ? null : query.top
  const size = Math.min(limit, top ?? limit)
  const orders = ordersOf(table, query)
  const rows = take(matching(r, orders, cursorOf(query.skiptoken)), size + 1)
  const more = rows.length > size && !(top !== null && top <= size)
  const page = rows.slice(0, size)
  const next = more ? nextLink(r, orders, page.at(-1)!) : null
  const annotations = annotationTest(prefer.get('odata.include-annotations'))
  const columns = selected(table, query.select)
  const write =
    query.expand.length === 0 ? rowWriter(org, table, columns, { annotations }) : expander(r, columns, annotations)
  const body = envelope(r, page.map(write), annotations, next)
  return json(200, body, applied(prefer))
}

function envelope(
  r: ListRequest,
  rows: string[],
  annotations: ((n: string) => boolean) | null,
  next: string | null,
): string {
  const parts = [contextOf(r)]
  const counted = r.query.count ? countMatching(r, COUNT_LIMIT + 1) : -1
  const total = (name: string) => annotations?.(`Microsoft.Dynamics.CRM.${name}`) ?? false
  if (total('totalrecordcount'))
    parts.push(`"@Microsoft.Dynamics.CRM.totalrecordcount":${Math.min(counted, COUNT_LIMIT)}`)
  if (total('totalrecordcountlimitexceeded'))
    parts.push(`"@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded":${counted > COUNT_LIMIT}`)
  if (total('globalmetadataversion'))
    parts.push(`"@Microsoft.Dynamics.CRM.globalmetadataversion":"${r.org.metadataVersion}"`)
  if (counted >= 0) parts.push(`"@odata.count":${Math.min(counted, COUNT_LIMIT)}`)
  parts.push(`"value":[${rows.join(',')}]`)
  if (next !== null) parts.push(`"@odata.nextLink":${JSON.stringify(next)}`)
  return `{${parts.join(',')}}`
}

export function countMatching(r: ListRequest, limit: number): number {
  return take(matching({ ...r, query: { ...r.query, orderby: [] } }, [], null), limit).length
}

function take<T>(rows: Iterable<T>, count: number): T[] {
  const out: T[] = []
  if (count <= 0) return out
  for (const row of rows) {
    out.push(row)
    if (out.length >= count) break
  }
  return out
}

function ordersOf(table: Table, query: Query): Order[] {
  return query.orderby.map(({ path, descending }) => {
    resolver(table)(path)
    return { wire: path, descending, read: reader(table, path) }
  })
}

/** Rows that pass the filter, in order, from after the cursor: nothing is remembered between pages, as in a database. */
function* matching(r: ListRequest, orders: Order[], cursor: Map<string, string> | null): Generator<Row> {
  const { table, query, org } = r
  if (query.filter && org.settings.refuseIn && JSON.stringify(query.filter).includes('"kind":"in"'))
    throw odata("An unknown function with name 'Microsoft.Dynamics.CRM.In' was found.")
  const passes = query.filter ? compileFilter(query.filter, resolver(table)) : () => true
  if (byId(table, orders)) {
    for (const row of candidates(r, cursor?.get(table.definition.pk) ?? null)) if (passes(row)) yield row
    return
  }
  const wanted = (row: Row) => (cursor === null || afterCursor(table, orders, cursor, row)) && passes(row)
  if (byTime(orders)) yield* rowsByTime(table, orders, cursor, wanted)
  else yield* [...candidates(r, null)].filter(wanted).sort(comparator(table, orders))
}

/** Fewer rows than all where the filter names them: by id, or changed lately. */
function candidates(r: ListRequest, after: string | null): Iterable<Row> {
  const { table, query } = r
  if (!query.filter) return rowsById(table, after)
  const ids = onlyValues(query.filter, table.definition.pk)
  if (ids) return byIds(table, ids, after)
  const since = lowerBound(query.filter, 'modifiedon')
  const version = lowerBound(query.filter, 'versionnumber')
  const { base } = table
  const lately =
    base !== null &&
    ((since !== null && Date.parse(since) > base.lastModified) ||
      (version !== null && Number(version) >= base.firstVersion + base.count))
  return lately ? byIds(table, new Set(table.entries.keys()), after) : rowsById(table, after)
}

function byIds(table: Table, ids: Set<string>, after: string | null): Row[] {
  const wanted = [...ids].filter((id) => after === null || id > after).sort()
  return wanted.map((id) => find(table, id)).filter((row) => row !== undefined)
}

/** Ids are unique: what is ordered by them first needs no other order, and is kept in that one. */
const byId = (table: Table, [first]: Order[]) =>
  first === undefined || (first.wire === table.definition.pk && !first.descending)

const byTime = (orders: Order[]) =>
  orders.length <= 2 && /^(modifiedon|versionnumber)$/.test(orders[0]!.wire) && orders.every((o) => !o.descending)

/** By time of change: seeded rows come in it already, changed ones are few. */
function* rowsByTime(
  table: Table,
  orders: Order[],
  cursor: Map<string, string> | null,
  wanted: (row: Row) => boolean,
): Generator<Row> {
  const compare = comparator(table, orders)
  const entries = [...table.entries.values()].filter((entry) => !entry.deleted && wanted(entry)).sort(compare)
  let e = 0
  for (const row of seededByRank(table, firstRank(table, orders[0]!.wire, cursor))) {
    if (!wanted(row)) continue
    while (e < entries.length && compare(entries[e]!, row) < 0) yield entries[e++]!
    yield row
  }
  yield* entries.slice(e)
}

function firstRank(table: Table, wire: string, cursor: Map<string, string> | null): number {
  const { base } = table
  const last = cursor?.get(wire)
  if (!base || last === undefined) return 0
  return bisect(base.count, (rank) =>
    wire === 'versionnumber'
      ? base.firstVersion + rank < Number(last)
      : isoSeconds(base.modifiedOf(base.byRank(rank))) < last,
  )
}

function comparator(table: Table, orders: Order[]): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const { read, descending } of orders) {
      const c = compareValues(read(a), read(b))
      if (c !== 0) return descending ? -c : c
    }
    return compareValues(idOf(table, a), idOf(table, b))
  }
}

/** Rows without a value come first. */
function compareValues(a: Value, b: Value): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b)
  const [left, right] = [String(a).toLowerCase(), String(b).toLowerCase()]
  return left < right ? -1 : left > right ? 1 : 0
}

function afterCursor(table: Table, orders: Order[], cursor: Map<string, string>, row: Row): boolean {
  for (const { wire, read, descending } of orders) {
    const value = read(row)
    const last = cursor.get(wire) ?? null
    const c = compareValues(value, typeof value === 'number' && last !== null ? Number(last) : last)
    if (c !== 0) return descending ? c < 0 : c > 0
  }
  return idOf(table, row) > (cursor.get(table.definition.pk) ?? '')
}

function nextLink(r: ListRequest, orders: Order[], last: Row): string {
  const { table, query } = r
  const cursor = new Map<string, string>()
  for (const { wire, read } of orders) {
    const value = wire === 'versionnumber' ? versionOf(table, last) : read(last)
    if (value !== null) cursor.set(wire, String(value))
  }
  cursor.set(table.definition.pk, idOf(table, last))
  return linkWith(r, '$skiptoken', encodeCookie(cursor, query.skiptoken, false))
}

import type { Fault } from '../exchange/faults.ts'
import type { Reply } from '../exchange/http.ts'
import { change, type Entity, idsOf, jsonOf, type Store, type Table } from './rows.ts'

/** How the addresses below /api/<kind> page. */
export const pagings = ['all', 'page', 'offset', 'cursor', 'next', 'link', 'lines', 'search'] as const
export type Kind = (typeof pagings)[number]

export type Ask = {
  store: Store
  origin: string
  kind: Kind
  table: Table
  query: URLSearchParams
  /** Of a search that is posted. */
  body: Record<string, unknown>
  struck: Fault[]
}

/** The most that a page holds, whatever is asked for. */
const mostRows = 5_000

export function listOf(ask: Ask): Reply {
  const { kind, query, body } = ask
  const told = (name: string) => (kind === 'search' ? body[name] : query.get(name))
  const all = idsFor(ask, told)
  const asked = Number(told('limit') ?? 100)
  const size = kind === 'all' ? all.length : Math.max(1, Math.min(Number.isFinite(asked) ? asked : 100, mostRows))
  const from = startOf(ask, all, size, told)
  const next = from + size < all.length ? from + size : null
  const rows = all.slice(from, from + size).map((id) => jsonOf(ask.table, ask.table.rows.get(id)!))
  return shaped(ask, { rows: spoilt(ask, rows, { all, from, size }), all, next, size, from })
}

type Told = (name: string) => unknown

function idsFor({ table, query }: Ask, told: Told): string[] {
  const wanted = query.get('ids')
  if (wanted !== null) return wanted.split(',').filter((id) => table.rows.get(id)?.deleted === false)
  const since = told('updated_since')
  const ids = idsOf(table)
  if (since === null || since === undefined) return ids
  const from = /^\d+$/.test(String(since)) ? Number(since) * 1000 : Date.parse(String(since))
  return ids.filter((id) => table.rows.get(id)!.updated >= from)
}

/** A cursor names the last row shown, so that rows put in or taken out meanwhile move nothing. */
function startOf({ kind }: Ask, all: string[], size: number, told: Told): number {
  if (kind === 'page') return (Math.max(1, Number(told('page') ?? 1)) - 1) * size
  if (kind === 'offset') return Math.max(0, Number(told('offset') ?? 0))
  const cursor = told('cursor')
  if (typeof cursor !== 'string' || cursor === '') return 0
  const last = Buffer.from(cursor, 'base64url').toString()
  const at = all.findIndex((id) => id > last)
  return at < 0 ? all.length : at
}

const cursorOf = (id: string) => Buffer.from(id).toString('base64url')

/** Pages that no API should show. */
function spoilt(ask: Ask, rows: string[], at: { all: string[]; from: number; size: number }): string[] {
  const has = (kind: string) => ask.struck.some((fault) => fault.kind === kind)
  const show = (from: number) =>
    at.all.slice(Math.max(from, 0), Math.max(from, 0) + at.size).map((id) => jsonOf(ask.table, ask.table.rows.get(id)!))
  if (has('repeated-page')) return show(at.from - at.size)
  if (has('shrinking-page')) return rows.slice(0, Math.ceil(rows.length / 2))
  if (has('repeated-ids')) return [...rows.slice(0, -1), show(0)[0] ?? '{}']
  if (has('doubled-row')) return [...rows.slice(0, -1), rows[0] ?? '{}']
  return has('empty-page') ? [] : rows
}

type Shown = { rows: string[]; all: string[]; next: number | null; size: number; from: number }

function shaped(ask: Ask, shown: Shown): Reply {
  const { kind, struck } = ask
  const { rows, all } = shown
  const list = `[${rows.join(',')}]`
  const looping = struck.some((fault) => fault.kind === 'cursor-loop')
  const shrunk = struck.find((fault) => fault.kind === 'shrinking-total')
  const total = all.length - Number(shrunk ? (shrunk.options.by ?? 1) : 0)
  const cursor = looping ? cursorOf(all[0] ?? '') : shown.next === null ? null : cursorOf(all[shown.next - 1]!)
  switch (kind) {
    case 'all':
      return json(list)
    case 'page':
    case 'offset':
      return json(`{"total":${total},"data":{"items":${list}}}`)
    case 'cursor':
    case 'search':
      return json(`{"items":${list},"meta":{"next_cursor":${JSON.stringify(cursor)}}}`)
    case 'next':
      return json(`{"results":${list},"links":{"next":${JSON.stringify(linkTo(ask, cursor, shown.size))}}}`)
    case 'link': {
      const link = linkTo(ask, cursor, shown.size)
      return json(list, link === null ? {} : { link: `<${link}>; rel="next", <${ask.origin}/>; rel="first"` })
    }
    case 'lines':
      return {
        status: 200,
        headers: { 'content-type': 'application/x-ndjson', ...(cursor === null ? {} : { 'x-next-cursor': cursor }) },
        body: rows.map((row) => `${row}\n`).join(''),
      }
  }
}

function linkTo({ origin, kind, table, query, struck }: Ask, cursor: string | null, size: number): string | null {
  if (cursor === null) return null
  const foreign = struck.find((fault) => fault.kind === 'foreign-next-link')
  const host = foreign ? String(foreign.options.host ?? 'http://foreign.example') : origin
  const since = query.get('updated_since')
  const more = since === null ? '' : `&updated_since=${encodeURIComponent(since)}`
  return `${host}/api/${kind}/${table.entity}s?limit=${size}&cursor=${cursor}${more}`
}

export function json(body: string, headers: Record<string, string> = {}, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body }
}

export const refusal = (status: number, message: string, headers: Record<string, string> = {}): Reply =>
  json(JSON.stringify({ error: { message } }), headers, status)

/** One record, or 404. */
export function itemOf({ table }: Pick<Ask, 'table'>, id: string): Reply {
  const row = table.rows.get(id)
  if (!row || row.deleted) return refusal(404, `There is no ${table.entity} ${id}`)
  return json(`{"${table.entity}":${jsonOf(table, row)}}`)
}

/** `POST /api/items/contacts` makes a record, `PATCH …/<id>` changes one; who did it stands in `updated_by`. */
export function writeItem(
  { store, table, by }: { store: Store; table: Table; by: string },
  { method, id, body }: { method: string; id: string | undefined; body: string },
): Reply {
  const operation = method === 'POST' && id === undefined ? 'create' : method === 'PATCH' && id ? 'change' : null
  if (operation === null) return refusal(405, 'Records are posted to their list, and patched at their id')
  if (id !== undefined && table.rows.get(id)?.deleted !== false)
    return refusal(404, `There is no ${table.entity} ${id}`)
  const given = fieldsIn(body)
  if (!given) return refusal(400, 'The body is no JSON object')
  const row = change(store, table.entity, { operation, id, fields: { ...given, updated_by: by } })!
  return json(`{"${table.entity}":${jsonOf(table, row)}}`, {}, operation === 'create' ? 201 : 200)
}

function fieldsIn(body: string): Record<string, unknown> | null {
  try {
    const given: unknown = JSON.parse(body)
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
    const { id: _id, updated_at: _at, ...fields } = given as Record<string, unknown>
    return fields
  } catch {
    return null
  }
}

/** A change between pages, as a fault asks for it. */
export function changeMeanwhile(store: Store, fault: Fault): void {
  const { entity = 'contact', operation = 'create', id, fields = {} } = fault.options
  change(store, entity as Entity, {
    operation: String(operation),
    id: id === undefined ? undefined : String(id),
    fields: fields as Record<string, unknown>,
  })
}

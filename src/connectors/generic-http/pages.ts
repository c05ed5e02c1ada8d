import { randomUUID } from 'node:crypto'
import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { Page, PageOptions, TableScope, Walk } from '#connectors/connector.ts'
import { sliceLines, sliceRows } from '#connectors/row-slices.ts'
import { HubError } from '#core/errors.ts'
import type { RawRow } from '#model/reading.ts'
import { sinceOf, sinceParameter } from './changes.ts'
import { askAndRead } from './client.ts'
import { type Definition, definitionOf, type TableRequest, tableOf } from './definition.ts'
import { beginning, guardPage, type Met, nothingMet, type Walked } from './guard.ts'
import { firstPlace, nextPlace, type Place, pageParameters, totalOf } from './paging.ts'
import { stepsOf, valueAt } from './paths.ts'
import { requestOf } from './read-row.ts'
import { listRequest } from './request.ts'
import { isDeleted, rowId } from './row-values.ts'

/** A page's place in its walk, as it is kept between pages. */
interface Link {
  entity: string
  /** ISO time. */
  since: string | null
  number: number
  place: Place
  walked: Walked
  /** Names the walk: what one process remembers of it. */
  walk: string
}

/** Where a walk starts. */
export function firstLink(scope: TableScope, walk: Walk): string {
  const table = requestOf(scope)
  return JSON.stringify({
    entity: table.entity,
    since: sinceOf(walk)?.toISOString() ?? null,
    number: 1,
    place: firstPlace(table),
    walked: beginning,
    walk: randomUUID(),
  } satisfies Link)
}

export interface ListPage {
  table: TableRequest
  rows: RawRow[]
  next: string | null
  total: number | null
  answeredAt: Date | null
  bytes: number
}

/** What walks of a session have met: forgotten with the session. */
const remembered = new WeakMap<CrmSession, Map<string, Met>>()

/** One page of the list, guarded: throws crm.pages_unsound where the walk cannot be trusted to show every record. */
export async function readListPage(session: CrmSession, text: string, options: PageOptions): Promise<ListPage> {
  const link = readLink(text)
  const definition = definitionOf(session)
  const table = tableOf(definition, link.entity)
  const request = requestFor(definition, table, link, options.pageSize)
  const asked = {
    ...request,
    what: `for ${table.entity}`,
    lane: options.lane,
    ...(options.signal ? { signal: options.signal } : {}),
  }
  return await askAndRead(session, asked, async (reply) => {
    const { rows, envelope } = await cut(table, reply)
    const total = totalOf(table, { reply, envelope })
    const met = link.walked.rows + rows.length
    const next = nextPlace(session, table, link.place, {
      reply,
      envelope,
      rows: rows.length,
      met,
      total,
      path: request.path,
    })
    const guarded = { table, number: link.number, rows, total, next: next === null ? null : JSON.stringify(next) }
    const walked = guardPage({ ...guarded, walked: link.walked, met: metBy(session, link, next === null) })
    const nextLink = next && JSON.stringify({ ...link, number: link.number + 1, place: next, walked } satisfies Link)
    return { table, rows, next: nextLink, total, answeredAt: answeredAt(reply), bytes: reply.body.length }
  })
}

/** What the page at a link is asked by. */
export function requestOfLink(session: CrmSession, text: string, pageSize: number) {
  const link = readLink(text)
  const definition = definitionOf(session)
  return requestFor(definition, tableOf(definition, link.entity), link, pageSize)
}

/** Links come back from outside where a definition is tried page by page. */
function readLink(text: string): Link {
  try {
    const link = JSON.parse(text) as Link
    if (typeof link.entity === 'string' && typeof link.number === 'number' && link.walked && link.place) return link
  } catch {
    // Told below.
  }
  throw new HubError('input.invalid', 'This is no link to a page', { field: 'link' })
}

function requestFor(
  definition: Definition,
  table: TableRequest,
  link: Pick<Link, 'since' | 'place'>,
  pageSize: number,
) {
  const since = sinceParameter(table, link.since === null ? null : new Date(link.since))
  const parameters = [since, ...pageParameters(table, link.place, pageSize)]
  return listRequest(definition, table, { parameters, link: link.place.link })
}

function metBy(session: CrmSession, { walk }: Link, isLast: boolean): Met {
  const walks = remembered.get(session) ?? new Map<string, Met>()
  remembered.set(session, walks)
  const met = walks.get(walk) ?? nothingMet()
  if (isLast) walks.delete(walk)
  else walks.set(walk, met)
  return met
}

/** The records of a reply, and what stands around them. */
export async function cut(table: TableRequest, reply: CrmReply): Promise<{ rows: RawRow[]; envelope: unknown }> {
  if (table.format === 'ndjson') return { rows: await sliceLines(reply.body), envelope: null }
  const sliced = await sliceRows(reply.body, stepsOf(table.records))
  if (Array.isArray(valueAt(sliced.envelope, table.records))) return sliced
  const where = table.records === '' ? 'the answer is no list' : `there is no list at ${table.records}`
  throw new HubError('crm.body_invalid', where, {
    mend: 'Try the table in the definition, and give the path at which its records stand.',
  })
}

export async function readPage(session: CrmSession, link: string, _walk: Walk, options: PageOptions): Promise<Page> {
  const { table, rows, next, answeredAt, bytes } = await readListPage(session, link, options)
  const gone = rows.filter((raw) => isDeleted(table, raw))
  return {
    rows: gone.length === 0 ? rows : rows.filter((raw) => !gone.includes(raw)),
    deleted: gone.map((raw) => rowId(table, raw)).filter((id) => id !== null),
    next,
    delta: null,
    // Where the API cannot be asked for what changed since, no time is one to go on from.
    asOf: table.since ? answeredAt : null,
    bytes,
  }
}

function answeredAt(reply: CrmReply): Date | null {
  const time = Date.parse(reply.headers.date ?? '')
  return Number.isNaN(time) ? null : new Date(time)
}

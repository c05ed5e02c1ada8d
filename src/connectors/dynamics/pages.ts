import type { CrmReply, CrmSession, Lane } from '#connectors/call.ts'
import type { Page, PageOptions, TableScope, Walk } from '#connectors/connector.ts'
import { sliceRows } from '#connectors/row-slices.ts'
import { HubError } from '#core/errors.ts'
import type { SourceField } from '#model/field.ts'
import { cutDeleted, tracks } from './changes.ts'
import { apiPath, askAndRead } from './client.ts'
import { scopeQuery } from './filter.ts'
import { pageEnvelope } from './wire.ts'

/** Default and maximum ("Page results using OData"). */
export const largestPage = 5000

/**
 * The columns that are asked for: those of the scope, the version, which orders records, and the time of the last
 * change where the table has one (a table that only joins two others has none).
 */
export function selectedColumns(scope: TableScope): string[] {
  const parties = new Set(partiesOf(scope).map(({ name }) => name))
  const own = scope.columns.filter((name) => !parties.has(name))
  const columns = new Set([scope.table.idField, ...own, 'versionnumber'])
  if (hasModifiedOn(scope)) columns.add('modifiedon')
  return [...columns]
}

/** Parties are rows of another table: change tracking does not list them, and no list of many rows asks for them. */
export const partiesOf = ({ table, columns }: TableScope): SourceField[] =>
  table.fields.filter(({ name, type }) => type === 'parties' && columns.includes(name))

function hasModifiedOn({ table }: TableScope): boolean {
  return table.fields.some((field) => field.name === 'modifiedon')
}

export function query(scope: TableScope, parts: { select: readonly string[]; filter: string | null; orderBy: string }) {
  const options = [`$select=${parts.select.join(',')}`]
  if (parts.filter) options.push(`$filter=${parts.filter}`)
  if (parts.orderBy) options.push(`$orderby=${parts.orderBy}`)
  return `${apiPath}/${scope.table.setName}?${options.join('&')}`
}

/** Where a walk starts. */
export function firstLink(scope: TableScope, walk: Walk): string {
  const select = selectedColumns(scope)
  if (walk.kind === 'delta') return walk.link
  // Change tracking refuses every option but $select ("Use change tracking to synchronize data").
  if (walk.kind === 'tracked') return query(scope, { select, filter: null, orderBy: '' })
  const filter = scopeQuery(scope)
  // A fixed order: without one a row that changes between two pages may be on neither.
  const byId = `${scope.table.idField}%20asc`
  if (walk.kind === 'query' || !hasModifiedOn(scope)) return query(scope, { select, filter, orderBy: byId })
  const since = `modifiedon%20ge%20${walk.since.toISOString().slice(0, 19)}Z`
  return query(scope, {
    select,
    filter: filter === null ? since : `${since}%20and%20${filter}`,
    // A row that changes meanwhile moves to the end and is met again there; equal times are told apart by the id.
    orderBy: `modifiedon%20asc,${byId}`,
  })
}

export function preferences(walk: Walk | null, pageSize: number): Record<string, string> {
  const size = Math.max(1, Math.min(Math.trunc(pageSize), largestPage))
  // Annotations are never asked for beside it: with both, the delta link is missing (powerapps-docs issue 439).
  const tracking = walk?.kind === 'tracked' ? 'odata.track-changes,' : ''
  return { prefer: `${tracking}odata.maxpagesize=${size}` }
}

export function readPage(session: CrmSession, link: string, walk: Walk, options: PageOptions): Promise<Page> {
  return askPage(session, link, {
    what: `to read ${setNameOf(link)}`,
    headers: preferences(walk, options.pageSize),
    walk,
    lane: options.lane,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onNext ? { onNext: options.onNext } : {}),
  })
}

/** The set's name, for messages: of a next link nothing else may be shown, its token can hold values. */
function setNameOf(link: string): string {
  return /\/api\/data\/v[\d.]+\/(\w+)/.exec(link)?.[1] ?? 'a page'
}

interface PageAsk {
  what: string
  headers: Record<string, string>
  walk: Walk | null
  lane: Lane
  signal?: AbortSignal
  onNext?: (next: string) => void
}

export function askPage(session: CrmSession, link: string, asked: PageAsk): Promise<Page> {
  const { walk, onNext, ...call } = asked
  return askAndRead(session, link, call, (reply) => {
    const next = onNext && lastLink(reply.body)
    if (next !== undefined && next !== link) onNext?.(ownLink(next, session)!)
    return toPage(reply, session, link, walk)
  })
}

// Longer than any link; what does not fit is found with the rest of the page.
const tailBytes = 8_192
const linkAtEnd = /,\s*("@odata\.nextLink"\s*:\s*"(?:[ !#-[\]-~]|\\.)*")\s*\}\s*$/

/**
 * The link that stands last in the reply. A quote behind a comma begins a name where the reply is JSON at all, which is
 * found out with its rows.
 */
export function lastLink(body: Buffer): string | undefined {
  const found = linkAtEnd.exec(body.toString('latin1', Math.max(0, body.length - tailBytes)))?.[1]
  if (found === undefined) return undefined
  try {
    return (JSON.parse(`{${found}}`) as Record<string, string>)['@odata.nextLink']
  } catch {
    return undefined
  }
}

async function toPage(reply: CrmReply, session: CrmSession, link: string, walk: Walk | null): Promise<Page> {
  const { rows, envelope } = await sliceRows(reply.body)
  const parsed = pageEnvelope.safeParse(envelope)
  if (!parsed.success) throw new HubError('crm.body_invalid', 'the answer is no page of rows')
  const next = ownLink(parsed.data['@odata.nextLink'], session)
  if (next !== null && next === link) throw new HubError('crm.body_invalid', 'the page names itself as the next one')
  const delta = ownLink(parsed.data['@odata.deltaLink'], session)
  // Else a list that broke off would pass for a whole one. (After a delta link the old one is kept, and read again.)
  if (walk?.kind === 'tracked' && next === null && delta === null)
    throw new HubError('crm.body_invalid', 'the list of changes ends without saying where the next one begins')
  return {
    ...(tracks(walk) ? cutDeleted(rows) : { rows, deleted: [] }),
    next,
    delta,
    asOf: answeredAt(reply),
    bytes: reply.body.length,
  }
}

function answeredAt(reply: CrmReply): Date | null {
  const time = Date.parse(reply.headers.date ?? '')
  return Number.isNaN(time) ? null : new Date(time)
}

/** A link goes only where the token goes. */
function ownLink(link: string | undefined, session: CrmSession): string | null {
  if (link === undefined) return null
  const url = URL.canParse(link, session.url) ? new URL(link, session.url) : null
  if (url?.origin === new URL(session.url).origin && !url.username && !url.password) return link
  throw new HubError('crm.foreign_link', `a page of ${session.url} links to ${url?.host || 'no address'}`, {
    mend: 'Nothing was sent there. Check what stands between this hub and the organisation.',
  })
}

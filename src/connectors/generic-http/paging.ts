import type { CrmReply, CrmSession } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'
import { exactDigits } from '#core/exact-json.ts'
import type { TableRequest } from './definition.ts'
import { headerName, valueAt } from './paths.ts'
import { ownLink, type Parameters, put } from './request.ts'

/** Where a page is: which of these counts, the kind of paging tells. */
export interface Place {
  page?: number
  offset?: number
  cursor?: string
  link?: string
}

export function firstPlace({ paging }: TableRequest): Place {
  if (paging.kind === 'page') return { page: paging.first }
  return paging.kind === 'offset' ? { offset: 0 } : {}
}

/** What asks for the page at a place, of so many rows. */
export function pageParameters({ paging }: TableRequest, place: Place, pageSize: number): Parameters[] {
  if (paging.kind === 'none') return []
  const parameters: Parameters[] = []
  if (paging.sizeParameter) parameters.push(put(paging.in, paging.sizeParameter, Math.min(paging.size, pageSize)))
  if (paging.kind === 'page') parameters.push(put(paging.in, paging.parameter, place.page ?? paging.first))
  if (paging.kind === 'offset') parameters.push(put(paging.in, paging.parameter, place.offset ?? 0))
  if (paging.kind === 'cursor' && place.cursor !== undefined) {
    parameters.push(put(paging.in, paging.parameter, place.cursor))
  }
  return parameters
}

interface Shown {
  reply: CrmReply
  /** The reply without its rows. */
  envelope: unknown
  rows: number
  /** Rows met with this page, and how many the API says that there are. */
  met: number
  total: number | null
  /** What was asked: a relative link starts from there. */
  path: string
}

/** Where the next page is; null on the last. */
export function nextPlace(session: CrmSession, table: TableRequest, place: Place, shown: Shown): Place | null {
  const { paging } = table
  switch (paging.kind) {
    case 'none':
      return null
    case 'page':
    case 'offset':
      if (shown.rows === 0 || (shown.total !== null && shown.met >= shown.total)) return null
      return paging.kind === 'page'
        ? { page: (place.page ?? paging.first) + 1 }
        : { offset: (place.offset ?? 0) + shown.rows }
    case 'cursor': {
      const cursor = textAt(shown, paging.cursor)
      return cursor === null ? null : { cursor }
    }
    case 'next_link': {
      const link = textAt(shown, paging.link)
      return link === null ? null : { link: ownLink(session, link, shown.path) }
    }
    case 'link_header': {
      const link = nextOf(shown.reply.headers.link ?? '')
      return link === null ? null : { link: ownLink(session, link, shown.path) }
    }
  }
}

/** Null where there is none, or one that stands for none. */
function textAt({ reply, envelope }: Pick<Shown, 'reply' | 'envelope'>, place: string): string | null {
  const header = headerName(place)
  const value = header === null ? valueAt(envelope, place) : reply.headers[header]
  if (value === undefined || value === null || value === '' || value === false) return null
  const text = typeof value === 'number' ? String(value) : (exactDigits(value) ?? value)
  if (typeof text === 'string' && text.length <= 8_000) return text
  throw new HubError('crm.body_invalid', `what it gives at ${place} is no place of a next page`)
}

/** Null where the definition names no total. */
export function totalOf(table: TableRequest, shown: Pick<Shown, 'reply' | 'envelope'>): number | null {
  if (table.total === undefined) return null
  const text = textAt(shown, table.total)
  if (text === null || !/^\d{1,15}$/.test(text)) {
    throw new HubError('crm.body_invalid', `there is no number of records at ${table.total}`)
  }
  return Number(text)
}

/** The target of `rel="next"` in a Link header (RFC 8288). */
export function nextOf(header: string): string | null {
  for (const [, target, parameters = ''] of header.matchAll(
    /<([^<>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)/g,
  )) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters)
    if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target ?? null
  }
  return null
}

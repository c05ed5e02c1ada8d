import type { Reply } from '../exchange/http.ts'
import { kindOf, type Request } from './request.ts'

/**
 * Ready-made pages for measurements: a page of a query is kept as it was first answered and handed out again as the same
 * bytes. Any change of a row takes all of them away.
 */
export type Prepared = { on: boolean; pages: Map<string, Reply>; bytes: number; hits: number }

export const makePrepared = (on: boolean): Prepared => ({ on, pages: new Map(), bytes: 0, hits: 0 })

/** Smaller answers, such as counts, are made anew. */
const leastBytes = 10_000

const keyOf = ({ headers, url }: Request) => `${headers['sforce-query-options'] ?? ''}\n${url}`

/** The page that was kept, or the one that is made now. */
export function preparedPage(prepared: Prepared, request: Request, make: () => Reply): Reply {
  if (!prepared.on || request.method !== 'GET' || kindOf('GET', request.url) !== 'page') return make()
  const key = keyOf(request)
  const kept = prepared.pages.get(key)
  if (kept) {
    prepared.hits++
    return kept
  }
  const reply = make()
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  if (reply.status !== 200 || body.length < leastBytes) return reply
  const page = { ...reply, body }
  prepared.pages.set(key, page)
  prepared.bytes += body.length
  return page
}

export function forgetPages(prepared: Prepared): void {
  prepared.pages.clear()
  prepared.bytes = 0
}

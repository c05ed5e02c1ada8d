import type { Reply, Request } from './http.ts'

/**
 * Ready-made pages for measurements: a list page is kept as it was first answered and handed out again as the same
 * bytes. A change of a row takes away the pages of its table.
 */
export type Prepared = { on: boolean; pages: Map<string, Reply>; bytes: number; hits: number }

export const makePrepared = (on: boolean): Prepared => ({ on, pages: new Map(), bytes: 0, hits: 0 })

const keyOf = (request: Request) => `${request.headers.prefer ?? ''}\n${request.url}`

export function preparedPage(prepared: Prepared, request: Request): Reply | null {
  if (!prepared.on || request.method !== 'GET') return null
  const page = prepared.pages.get(keyOf(request))
  if (page) prepared.hits++
  return page ?? null
}

/** Keeps pages of lists; small answers are made anew. */
export function keepPage(prepared: Prepared, request: Request, kind: string, reply: Reply): Reply {
  if (!prepared.on || reply.status !== 200 || (kind !== 'page' && kind !== 'enumerate')) return reply
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  const kept = { ...reply, body }
  prepared.pages.set(keyOf(request), kept)
  prepared.bytes += body.length
  return kept
}

/** Pages of these sets, and those that show rows of others too; without sets, all. */
export function forgetPages(prepared: Prepared, sets?: ReadonlySet<string>): void {
  for (const [key, { body }] of prepared.pages) {
    const path = key.slice(key.indexOf('\n') + 1)
    const set = /^\/api\/data\/v[\d.]+\/(\w+)/.exec(path)?.[1] ?? ''
    if (sets && !sets.has(set) && !/(\$|%24)expand=/i.test(path)) continue
    prepared.pages.delete(key)
    prepared.bytes -= body.length
  }
}

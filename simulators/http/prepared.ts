import type { Reply } from '../exchange/http.ts'

/**
 * Ready-made pages for measurements: a list's page is kept as it was first answered and handed out again as the same
 * bytes. Any change of a record takes all of them away.
 */
export type Prepared = { on: boolean; pages: Map<string, Reply>; hits: number }

export const makePrepared = (on: boolean): Prepared => ({ on, pages: new Map(), hits: 0 })

/** The page that was kept, or the one that is made now. */
export function preparedPage(prepared: Prepared, url: string, make: () => Reply): Reply {
  if (!prepared.on) return make()
  const kept = prepared.pages.get(url)
  if (kept) {
    prepared.hits++
    return kept
  }
  const reply = make()
  if (reply.status !== 200) return reply
  const page = { ...reply, body: Buffer.from(reply.body) }
  prepared.pages.set(url, page)
  return page
}

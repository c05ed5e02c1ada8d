import type { Reply } from './http.ts'

/**
 * Ready-made pages for measurements: a page is kept as it was first answered and handed out again as the same bytes,
 * until a record of those that it shows changes.
 */
export type Prepared = { on: boolean; pages: Map<string, Reply>; bytes: number; hits: number }

export const makePrepared = (on = false): Prepared => ({ on, pages: new Map(), bytes: 0, hits: 0 })

/** The page that was kept under a key: its address, and whatever else the answer depends on. */
export function readyPage(prepared: Prepared, key: string): Reply | null {
  const page = prepared.pages.get(key) ?? null
  if (page) prepared.hits++
  return page
}

/** Keeps a page; answers smaller than `least` bytes, such as counts, are made anew. */
export function keepPage(prepared: Prepared, key: string, reply: Reply, least = 0): Reply {
  if (!prepared.on || reply.status !== 200) return reply
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  if (body.length < least) return reply
  const page = { ...reply, body }
  prepared.pages.set(key, page)
  prepared.bytes += body.length
  return page
}

export function forgetPages(prepared: Prepared, isOld: (key: string) => boolean = () => true): void {
  for (const [key, { body }] of prepared.pages) {
    if (!isOld(key)) continue
    prepared.pages.delete(key)
    prepared.bytes -= body.length
  }
}

export const figuresOf = ({ on, pages, bytes, hits }: Prepared) => ({ on, pages: pages.size, bytes, hits })

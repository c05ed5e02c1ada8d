import type { Reply } from '../exchange/http.ts'
import { forgetPages, keepPage, type Prepared, readyPage } from '../exchange/prepared.ts'
import type { Request } from './http.ts'

const keyOf = (request: Request) => `${request.headers.prefer ?? ''}\n${request.url}`

export const preparedPage = (prepared: Prepared, request: Request): Reply | null =>
  request.method === 'GET' ? readyPage(prepared, keyOf(request)) : null

/** Keeps pages of lists; small answers are made anew. */
export const keepList = (prepared: Prepared, request: Request, kind: string, reply: Reply): Reply =>
  kind === 'page' || kind === 'enumerate' ? keepPage(prepared, keyOf(request), reply) : reply

/** Pages of these sets, and those that show rows of others too. */
export function forgetSets(prepared: Prepared, sets: ReadonlySet<string>): void {
  forgetPages(prepared, (key) => {
    const path = key.slice(key.indexOf('\n') + 1)
    const set = /^\/api\/data\/v[\d.]+\/(\w+)/.exec(path)?.[1] ?? ''
    return sets.has(set) || /(\$|%24)expand=/i.test(path)
  })
}

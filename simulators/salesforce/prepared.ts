import type { Reply } from '../exchange/http.ts'
import { keepPage, type Prepared, readyPage } from '../exchange/prepared.ts'
import { kindOf, type Request } from './request.ts'

/** Smaller answers, such as counts, are made anew. */
const leastBytes = 10_000

/** The page of a query that was kept, or the one that is made now. */
export function preparedPage(prepared: Prepared, request: Request, make: () => Reply): Reply {
  const { method, url, headers } = request
  if (method !== 'GET' || kindOf('GET', url) !== 'page') return make()
  const key = `${headers['sforce-query-options'] ?? ''}\n${url}`
  return readyPage(prepared, key) ?? keepPage(prepared, key, make(), leastBytes)
}

import type { Input } from '../exchange/control.ts'
import { walkList } from '../exchange/walk-list.ts'
import type { Request } from './http.ts'
import { keepList, preparedPage } from './prepared.ts'
import { kindOf } from './requests.ts'
import { answer } from './service.ts'
import type { Simulator } from './simulator.ts'

/** Walks the list at `url`, once, with the preferences of `prefer`. */
export function prepare(sim: Simulator, { url, prefer }: Input): Promise<unknown> {
  const headers: Record<string, string> = prefer === undefined ? {} : { prefer: String(prefer) }
  return walkList(url, {
    answer(page) {
      const path = page.split('?')[0]!
      const request: Request = {
        method: 'GET',
        url: page,
        path,
        headers,
        body: '',
        userId: sim.org.appUser,
        inBatch: false,
      }
      const made = () => answer(sim.service, request, () => ({ status: 405, headers: {}, body: '' }))
      return preparedPage(sim.prepared, request) ?? keepList(sim.prepared, request, kindOf('GET', page), made())
    },
    rowMark: '"@odata.etag"',
    nextOf(body) {
      const next = /"@odata\.nextLink":("(?:[^"\\]|\\.)*")/.exec(body.slice(-20_000))?.[1]
      return next === undefined ? null : (JSON.parse(next) as string)
    },
  })
}

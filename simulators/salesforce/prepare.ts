import type { Input } from '../exchange/control.ts'
import { walkList } from '../exchange/walk-list.ts'
import { preparedPage } from './prepared.ts'
import { serve } from './service.ts'
import type { Simulator } from './simulator.ts'

/** Walks the query at `url`, once, as who has the `token`. */
export function prepare(sim: Simulator, { url, token }: Input): Promise<unknown> {
  const headers = { authorization: `Bearer ${String(token)}` }
  return walkList(url, {
    answer(page) {
      const request = { method: 'GET', url: page, headers, body: Buffer.alloc(0), struck: [] }
      return preparedPage(sim.prepared, request, () => serve(sim, request, (done) => done()))
    },
    rowMark: '{"attributes":',
    nextOf: (body) => /"nextRecordsUrl":"([^"]+)"/.exec(body.slice(0, 1_000))?.[1] ?? null,
  })
}

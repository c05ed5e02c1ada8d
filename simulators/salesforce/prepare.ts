import { preparedPage } from './prepared.ts'
import type { Request } from './request.ts'
import { serve } from './service.ts'
import type { Simulator } from './simulator.ts'

/** Walks a query once, so that its pages are ready-made; answers what they hold. */
export async function prepare(sim: Simulator, input: { url?: unknown; token?: unknown }): Promise<unknown> {
  let url: string | null = String(input.url ?? '').replace(/^https?:\/\/[^/]+/, '')
  const headers = { authorization: `Bearer ${String(input.token)}` }
  const started = performance.now()
  const made = { pages: 0, records: 0, bytes: 0 }
  while (url !== null) {
    const request: Request = { method: 'GET', url, headers, body: Buffer.alloc(0), struck: [] }
    const reply = preparedPage(sim.prepared, request, () => serve(sim, request, (done) => done()))
    const text = reply.body.toString('utf8')
    if (reply.status !== 200) throw new Error(`${reply.status} from ${url}: ${text.slice(0, 300)}`)
    made.pages++
    made.bytes += text.length
    made.records += text.split('{"attributes":').length - 1
    url = /"nextRecordsUrl":"([^"]+)"/.exec(text.slice(0, 1_000))?.[1] ?? null
    // Others may ask meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { ...made, ms: Math.round(performance.now() - started) }
}

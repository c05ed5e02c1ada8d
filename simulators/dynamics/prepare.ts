import type { Request } from './http.ts'
import { keepPage, preparedPage } from './prepared.ts'
import { kindOf } from './requests.ts'
import { answer } from './service.ts'
import type { Simulator } from './simulator.ts'

/** Walks a list once, so that its pages are ready-made; answers what they hold. */
export async function prepare(sim: Simulator, input: { url?: unknown; prefer?: unknown }): Promise<unknown> {
  let url: string | null = String(input.url ?? '').replace(/^https?:\/\/[^/]+/, '')
  const headers: Record<string, string> = input.prefer === undefined ? {} : { prefer: String(input.prefer) }
  const started = performance.now()
  let pages = 0
  let records = 0
  let bytes = 0
  while (url !== null) {
    const request: Request = {
      method: 'GET',
      url,
      path: url.split('?')[0]!,
      headers,
      body: '',
      userId: sim.org.appUser,
      inBatch: false,
    }
    const reply =
      preparedPage(sim.prepared, request) ??
      answer(sim.service, request, () => ({ status: 405, headers: {}, body: '' }))
    if (reply.status !== 200) throw new Error(`${reply.status} from ${url}: ${reply.body.toString().slice(0, 300)}`)
    keepPage(sim.prepared, request, kindOf('GET', url), reply)
    const text: string = reply.body.toString('utf8')
    pages++
    bytes += text.length
    records += text.split('"@odata.etag"').length - 1
    const next: string | undefined = /"@odata\.nextLink":("(?:[^"\\]|\\.)*")/.exec(text.slice(-20_000))?.[1]
    url = next === undefined ? null : (JSON.parse(next) as string).replace(/^https?:\/\/[^/]+/, '')
    // Others may ask meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { pages, records, bytes, ms: Math.round(performance.now() - started) }
}

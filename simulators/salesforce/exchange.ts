import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Fault, takeFaults } from '../exchange/faults.ts'
import { headersOf, type Reply } from '../exchange/http.ts'
import { counted } from '../exchange/request-log.ts'
import { serveStruck } from '../exchange/serve-struck.ts'
import { applyRecords } from './control-records.ts'
import { bodyOf, json, notFound } from './errors.ts'
import { oauth } from './oauth.ts'
import { now } from './organisation.ts'
import { preparedPage } from './prepared.ts'
import { kindOf, type Request } from './request.ts'
import { serve } from './service.ts'
import type { Simulator } from './simulator.ts'
import { soap } from './soap.ts'
import { cometd } from './streaming.ts'
import { answerInstead, spoil } from './strike.ts'

/** One request and its answer, with whatever fault strikes it. */
export async function exchange(
  sim: Simulator,
  message: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const url = message.url ?? '/'
  const method = message.method ?? 'GET'
  const kind = kindOf(method, url)
  await counted(sim.log, { method, url, kind }, () => {
    const struck = takeFaults(sim.faults, { kind, text: subjectText(method, url, kind, body) })
    const request: Request = { method, url, headers: headersOf(message), body, struck: struck.map((f) => f.kind) }
    const once = () => serveOnce(sim, request, kind, response)
    return serveStruck(response, struck, {
      serve: () => instead(struck) ?? once(),
      unheard: () => serveUnheard(sim, once),
      around: (when) => changeRows(sim, struck, when),
      spoil: (fault, reply) => spoil(fault, reply, sim.origin),
      now: () => now(sim.org),
    })
  })
}

/** Method and address; of a composite its parts' too, one a line. */
function subjectText(method: string, url: string, kind: string, body: Buffer): string {
  const parts =
    kind === 'composite' ? [...body.toString('utf8').matchAll(/"url"\s*:\s*"([^"]+)"/g)].map((m) => m[1]) : []
  return [`${method} ${url}`, ...parts].join('\n')
}

function instead(struck: Fault[]): Reply | null {
  for (const fault of struck) {
    const reply = answerInstead(fault)
    if (reply) return reply
  }
  return null
}

function changeRows(sim: Simulator, struck: Fault[], when: string): void {
  for (const { kind, options } of struck)
    if (kind === 'change' && (options.when ?? 'during') === when) applyRecords(sim, options.records)
}

/** Does what was asked; nobody hears of it. */
function serveUnheard(sim: Simulator, once: () => unknown): void {
  const logged = sim.log.writes.length
  once()
  for (const write of sim.log.writes.slice(logged)) write.cut = true
}

function serveOnce(sim: Simulator, request: Request, kind: string, response: ServerResponse): Reply | Promise<Reply> {
  const path = request.url.split('?')[0]!
  if (kind === 'streaming') return cometd(sim, request.body.toString('utf8'), request.headers.authorization)
  if (kind === 'soap') return soap(sim, request)
  if (kind === 'token' || kind === 'authorize')
    return oauth(sim, path, { ...request, body: request.body.toString('utf8') }) ?? json(404, bodyOf(notFound()))
  return preparedPage(sim.prepared, request, () =>
    serve(sim, request, (done) => {
      if (response.destroyed) done()
      else response.once('close', done)
    }),
  )
}

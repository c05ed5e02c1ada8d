import type { IncomingMessage, ServerResponse } from 'node:http'
import { entraRoute, handleEntra } from '../entra/server.ts'
import { type Fault, takeFaults } from '../exchange/faults.ts'
import { headersOf, type Reply } from '../exchange/http.ts'
import { counted } from '../exchange/request-log.ts'
import { serveStruck } from '../exchange/serve-struck.ts'
import { authenticate, impersonate } from './auth.ts'
import { applyRecords } from './control-records.ts'
import type { Request } from './http.ts'
import { admit } from './limits.ts'
import { now } from './organization.ts'
import { keepList, preparedPage } from './prepared.ts'
import { kindOf } from './requests.ts'
import { answer, errorReply } from './service.ts'
import type { Simulator } from './simulator.ts'
import { answerInstead, spoil } from './strike.ts'
import { writes } from './writes.ts'

/** Where an answer goes, and what kind of request it answers. */
type Wire = { response: ServerResponse; entra: ReturnType<typeof entraRoute>; kind: string }

/** One request and its answer, with whatever fault strikes it. */
export async function exchange(
  sim: Simulator,
  message: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const request = toRequest(message, body.toString('utf8'))
  const entra = entraRoute(request.path)
  const kind = entra?.kind ?? kindOf(request.method, request.url)
  await counted(sim.log, { method: request.method, url: request.url, kind }, () => {
    const struck = takeFaults(sim.faults, { kind, text: subjectText(request, kind) })
    return run(sim, request, struck, { response, entra, kind })
  })
}

function toRequest(message: IncomingMessage, body: string): Request {
  const url = message.url ?? '/'
  const headers = headersOf(message)
  return { method: message.method ?? 'GET', url, path: url.split('?')[0]!, headers, body, userId: '', inBatch: false }
}

function subjectText(request: Request, kind: string): string {
  const line = `${request.method} ${request.url}`
  if (kind !== 'batch') return line
  return [line, ...(request.body.match(/^(?:GET|POST|PATCH|PUT|DELETE) .*(?= HTTP\/1\.1)/gm) ?? [])].join('\n')
}

function run(sim: Simulator, request: Request, struck: Fault[], wire: Wire): Promise<number> {
  const { response } = wire
  return serveStruck(response, struck, {
    serve: () => instead(sim, struck) ?? serveOnce(sim, request, wire),
    unheard: () => serveUnheard(sim, request, wire),
    around: (when) => changeRows(sim, struck, when),
    spoil: (fault, reply) => spoil(fault, reply, sim.origin),
    now: () => now(sim.org),
  })
}

/** Rows that change around a request: before it is read, between reading and answering, or behind its answer. */
function changeRows(sim: Simulator, struck: Fault[], when: string): void {
  for (const { kind, options } of struck)
    if (kind === 'change' && (options.when ?? 'during') === when) applyRecords(sim, options.records)
}

function instead(sim: Simulator, struck: Fault[]): Reply | null {
  for (const fault of struck) {
    const reply = answerInstead(fault, sim.origin, sim.org.appUser)
    if (reply) return reply
  }
  return null
}

/** Does what was asked; nobody hears of it. */
function serveUnheard(sim: Simulator, request: Request, wire: Wire): void {
  const logged = sim.log.writes.length
  serveOnce(sim, request, wire)
  for (const write of sim.log.writes.slice(logged)) write.cut = true
}

function serveOnce(sim: Simulator, request: Request, wire: Wire): Reply {
  if (wire.entra) return handleEntra(sim.directory, { ...request, origin: sim.origin }, wire.entra)
  try {
    const caller = authenticate(sim.auth, sim.org, request.headers.authorization, sim.origin)
    return guarded(sim, { ...request, userId: impersonate(sim.org, caller, request.headers) }, wire)
  } catch (error) {
    return errorReply(error, request)
  }
}

function guarded(sim: Simulator, request: Request, wire: Wire): Reply {
  const admission = admit(sim.limits, request.userId)
  if (admission.refused) return admission.refused
  const started = performance.now()
  let ms = 0
  // A request is concurrent until its answer is out; its execution ends when the answer is made.
  wire.response.once('close', () => admission.done(ms))
  const ready = preparedPage(sim.prepared, request)
  if (ready) return ready
  const reply = keepList(
    sim.prepared,
    request,
    wire.kind,
    answer(sim.service, request, (call) => writes(sim, call)),
  )
  ms = performance.now() - started
  return { ...reply, headers: { ...reply.headers, ...admission.headers } }
}

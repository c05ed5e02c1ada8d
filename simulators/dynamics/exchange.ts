import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { entraRoute, handleEntra } from '../entra/server.ts'
import { authenticate, impersonate } from './auth.ts'
import { applyRecords } from './control-records.ts'
import { type Fault, takeFaults } from './faults.ts'
import type { Reply, Request } from './http.ts'
import { admit } from './limits.ts'
import { now } from './organization.ts'
import { keepPage, preparedPage } from './prepared.ts'
import { countRequest, kindOf } from './requests.ts'
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
  body: string,
): Promise<void> {
  const request = toRequest(message, body)
  const entra = entraRoute(request.path)
  const kind = entra?.kind ?? kindOf(request.method, request.url)
  const started = performance.now()
  const { log } = sim
  countRequest(log, kind)
  log.open++
  log.maxOpen = Math.max(log.maxOpen, log.open)
  try {
    const struck = takeFaults(sim.faults, { kind, text: subjectText(request, kind) })
    const status = await run(sim, request, struck, { response, entra, kind })
    log.statuses[status] = (log.statuses[status] ?? 0) + 1
    const ms = Math.round(performance.now() - started)
    log.recent.push({ at: new Date().toISOString(), method: request.method, url: request.url, kind, status, ms })
    if (log.recent.length > 500) log.recent.shift()
  } finally {
    log.open--
  }
}

function toRequest(message: IncomingMessage, body: string): Request {
  const url = message.url ?? '/'
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  return { method: message.method ?? 'GET', url, path: url.split('?')[0]!, headers, body, userId: '', inBatch: false }
}

function subjectText(request: Request, kind: string): string {
  const line = `${request.method} ${request.url}`
  if (kind !== 'batch') return line
  return [line, ...(request.body.match(/^(?:GET|POST|PATCH|PUT|DELETE) .*(?= HTTP\/1\.1)/gm) ?? [])].join('\n')
}

/** Serves or fails; answers the status that was sent, 0 where the connection was cut. */
async function run(sim: Simulator, request: Request, struck: Fault[], wire: Wire): Promise<number> {
  const { response } = wire
  const has = (...kinds: string[]) => struck.find((f) => kinds.includes(f.kind))
  for (const fault of struck) if (fault.kind === 'latency') await sleep(Number(fault.options.ms ?? 300))
  const hang = has('hang')
  if (hang) {
    await sleep(Number(hang.options.ms ?? 600_000), undefined, { ref: false })
    return cut(response)
  }
  if (has('drop', 'drop-before')) return cut(response)
  const late = has('late-commit')
  if (late || has('drop-after')) {
    if (late) setTimeout(() => serveUnheard(sim, request, wire), Number(late.options.ms ?? 1000)).unref()
    else serveUnheard(sim, request, wire)
    return cut(response)
  }
  changeRows(sim, struck, 'before')
  let reply = instead(sim, struck) ?? serveOnce(sim, request, wire)
  changeRows(sim, struck, 'during')
  for (const fault of struck) reply = spoil(fault, reply, sim.origin)
  const status = await send(sim, response, reply, struck)
  changeRows(sim, struck, 'after')
  return status
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

function cut(response: ServerResponse): number {
  response.socket?.destroy()
  return 0
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
  const reply = keepPage(
    sim.prepared,
    request,
    wire.kind,
    answer(sim.service, request, (call) => writes(sim, call)),
  )
  ms = performance.now() - started
  return { ...reply, headers: { ...reply.headers, ...admission.headers } }
}

async function send(sim: Simulator, response: ServerResponse, reply: Reply, struck: Fault[]): Promise<number> {
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  const headers: Record<string, string> = { ...reply.headers, date: new Date(now(sim.org)).toUTCString() }
  if (reply.status !== 204 && reply.status !== 304) headers['content-length'] = String(body.length)
  response.writeHead(reply.status, headers)
  if (struck.some((f) => f.kind === 'cut-body')) {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy())
    return 0
  }
  const slow = struck.find((f) => f.kind === 'slow-body')
  if (slow) await trickle(response, body, Number(slow.options.ms ?? 2000))
  response.end(slow ? undefined : body)
  return reply.status
}

async function trickle(response: ServerResponse, body: Buffer, ms: number): Promise<void> {
  const parts = 10
  const size = Math.ceil(body.length / parts)
  for (let i = 0; i < parts && !response.destroyed; i++) {
    response.write(body.subarray(i * size, (i + 1) * size))
    await sleep(ms / parts)
  }
}

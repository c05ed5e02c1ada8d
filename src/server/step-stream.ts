import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '#core/log.ts'
import type { AuditLog } from './acts.ts'
import { endAct } from './plugins/acts.ts'
import { errorReply, toHubError } from './plugins/errors.ts'

export interface Stepped<Step, T> {
  hub: { log: Log; audit: AuditLog }
  work: (onStep: (step: Step) => void) => Promise<T>
  /** The status of a plain answer. */
  status: number
}

/** Where the caller asks for a stream, each step is sent as it is made; else the result alone, at its end. */
export async function answerInSteps<Step, T>(
  request: FastifyRequest,
  reply: FastifyReply,
  stepped: Stepped<Step, T>,
): Promise<T> {
  if (!request.headers.accept?.includes('text/event-stream')) {
    const result = await stepped.work(() => undefined)
    reply.code(stepped.status)
    return result
  }
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)
  reply.hijack()
  const stream = reply.raw
  stream.writeHead(200, { ...Object.fromEntries(headers), ...eventStreamHeaders })
  const send = (event: string, data: unknown) => void stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  try {
    const result = await stepped.work((step) => send('step', step))
    await end(request, stepped, 200)
    send('result', result)
  } catch (error) {
    const known = toHubError(error)
    if (request.act) request.act.code = known.code
    await end(request, stepped, known.status)
    if (known.status === 500) stepped.hub.log.error('request failed', { requestId: request.id, error })
    send('error', errorReply(known, request.id))
  }
  stream.end()
  return undefined as never
}

/** A stream has its own end. */
async function end<Step, T>({ act }: FastifyRequest, { hub }: Stepped<Step, T>, status: number): Promise<void> {
  if (act) await endAct(hub, act, status)
}

export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
}

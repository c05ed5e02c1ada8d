import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './faults.ts'
import type { Reply } from './http.ts'

/** What a service does for one request, as far as faults leave it to. */
type Serving = {
  serve: () => Reply | Promise<Reply>
  /** Does what was asked; nobody hears of it. */
  unheard: () => void
  /** Rows that change before a request is read, between reading and answering, or behind its answer. */
  around: (when: 'before' | 'during' | 'after') => void
  spoil: (fault: Fault, reply: Reply) => Reply
  /** The service's clock. */
  now: () => number
}

/** Serves or fails; answers the status that was sent, 0 where the connection was cut. */
export async function serveStruck(response: ServerResponse, struck: Fault[], serving: Serving): Promise<number> {
  const has = (...kinds: string[]) => struck.find((f) => kinds.includes(f.kind))
  for (const fault of struck)
    if (fault.kind === 'latency') await sleep(Number(fault.options.ms ?? 300), undefined, { ref: false })
  const hang = has('hang')
  if (hang) {
    await sleep(Number(hang.options.ms ?? 600_000), undefined, { ref: false })
    return cut(response)
  }
  if (has('drop', 'drop-before')) return cut(response)
  const late = has('late-commit')
  if (late || has('drop-after')) {
    if (late) setTimeout(() => serving.unheard(), Number(late.options.ms ?? 1000)).unref()
    else serving.unheard()
    return cut(response)
  }
  serving.around('before')
  let reply = await serving.serve()
  serving.around('during')
  for (const fault of struck) reply = serving.spoil(fault, reply)
  const status = await send(response, reply, struck, serving.now())
  serving.around('after')
  return status
}

function cut(response: ServerResponse): number {
  response.socket?.destroy()
  return 0
}

async function send(response: ServerResponse, reply: Reply, struck: Fault[], now: number): Promise<number> {
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  const headers: Record<string, string> = { ...reply.headers, date: new Date(now).toUTCString() }
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
    await sleep(ms / parts, undefined, { ref: false })
  }
}

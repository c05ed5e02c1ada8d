import type { Fault } from './faults.ts'
import type { Reply } from './http.ts'

/** Answers that no service gives of itself; null for faults of other kinds. */
export function answerAsTold(fault: Fault, contentType: string): Reply | null {
  const o = fault.options
  switch (fault.kind) {
    case 'html':
      return {
        status: Number(o.status ?? 200),
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: String(
          o.body ?? '<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body></body></html>',
        ),
      }
    case 'body':
      return {
        status: Number(o.status ?? 200),
        headers: {
          'content-type': contentType,
          ...(o.headers as Record<string, string>),
        },
        body: o.base64 === undefined ? String(o.body ?? '') : Buffer.from(String(o.base64), 'base64'),
      }
    default:
      return null
  }
}

/** Spoils the answer that the service gave, whatever it says. */
export function spoilBody(fault: Fault, reply: Reply, origin: string): Reply {
  const o = fault.options
  const text = () => (typeof reply.body === 'string' ? reply.body : reply.body.toString('utf8'))
  switch (fault.kind) {
    case 'truncate': {
      const body = Buffer.from(reply.body)
      const keep = o.bytes === undefined ? Math.floor(body.length * Number(o.ratio ?? 0.6)) : Number(o.bytes)
      return { ...reply, body: body.subarray(0, keep) }
    }
    case 'replace':
      return { ...reply, body: text().replaceAll(String(o.from), String(o.to)).replaceAll('{origin}', origin) }
    default:
      return reply
  }
}

import { randomUUID } from 'node:crypto'
import type { CrmReply } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'

/** One request within a `$batch`. */
export interface Part {
  method: string
  path: string
  headers: Record<string, string>
  body?: string
}

/**
 * The body of a `$batch` of independent requests ("Execute batch operations using the Web API"): no change set, since one
 * row that is refused must not undo the others.
 */
export function writeBatch(parts: readonly Part[], origin: string): { contentType: string; body: string } {
  const boundary = `batch_${randomUUID()}`
  const texts = parts.map(({ method, path, headers, body }) =>
    [
      `--${boundary}`,
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `${method} ${origin}${path} HTTP/1.1`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${innerHeader(name, value)}`),
      '',
      body ?? '',
    ].join('\r\n'),
  )
  return {
    contentType: `multipart/mixed; boundary="${boundary}"`,
    body: `${texts.join('\r\n')}\r\n--${boundary}--\r\n`,
  }
}

const innerHeader = (name: string, value: string) => (name === 'content-type' ? `${value}; type=entry` : value)

/** The answers, in the order of the requests. Throws crm.body_invalid where there are not as many as there were requests. */
export function readBatch(reply: CrmReply, expected: number): CrmReply[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(reply.headers['content-type'] ?? '')?.[1]
  const parts = boundary === undefined ? [] : split(reply.text, boundary).map(readPart)
  if (parts.length === expected && parts.every((part) => part !== null)) return parts
  throw new HubError('crm.body_invalid', `A batch of ${expected} was answered by ${parts.length} parts`, {
    vendorStatus: reply.status,
    sent: true,
  })
}

function split(text: string, boundary: string): string[] {
  const marker = `--${boundary}`
  const end = text.indexOf(`${marker}--`)
  const whole = end < 0 ? '' : text.slice(0, end)
  return whole.split(marker).slice(1)
}

function readPart(text: string): CrmReply | null {
  const [, http = ''] = cut(text)
  const [head, body] = cut(http)
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]
  if (status === undefined) return null
  const trimmed = body.replace(/\r\n$/, '')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const at = line.indexOf(':')
    if (at > 0) headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim()
  }
  return { status: Number(status), headers, text: trimmed, body: Buffer.from(trimmed) }
}

/** Before and after the first empty line. */
function cut(text: string): [string, string] {
  const from = text.replace(/^\r\n/, '')
  const at = from.indexOf('\r\n\r\n')
  return at < 0 ? [from, ''] : [from.slice(0, at), from.slice(at + 4)]
}

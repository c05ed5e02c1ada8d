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
  return multipart(
    'batch',
    parts.map((part) => http(part, origin)),
  )
}

/** A batch that holds one change set: all of its requests are carried out in their order, or none. */
export function writeChangeSet(parts: readonly Part[], origin: string): { contentType: string; body: string } {
  const set = multipart(
    'changeset',
    parts.map((part, at) => http(part, origin, `Content-ID: ${at + 1}`)),
  )
  return multipart('batch', [`Content-Type: ${set.contentType}\r\n\r\n${set.body}`])
}

function multipart(name: string, texts: readonly string[]): { contentType: string; body: string } {
  const boundary = `${name}_${randomUUID()}`
  const body = texts.map((text) => `--${boundary}\r\n${text}\r\n`).join('')
  return { contentType: `multipart/mixed; boundary="${boundary}"`, body: `${body}--${boundary}--\r\n` }
}

const http = ({ method, path, headers, body }: Part, origin: string, ...more: string[]): string =>
  [
    ...['Content-Type: application/http', 'Content-Transfer-Encoding: binary', ...more, ''],
    `${method} ${origin}${path} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${innerHeader(name, value)}`),
    ...['', body ?? ''],
  ].join('\r\n')

const innerHeader = (name: string, value: string) => (name === 'content-type' ? `${value}; type=entry` : value)

/** The answers, in the order of the requests. Throws crm.body_invalid where there are not as many as there were requests. */
export function readBatch(reply: CrmReply, expected: number): CrmReply[] {
  const parts = partsOf(reply).map(readPart)
  if (parts.length === expected && parts.every((part) => part !== null)) return parts
  throw new HubError('crm.body_invalid', `A batch of ${expected} was answered by ${parts.length} parts`, {
    vendorStatus: reply.status,
    sent: true,
  })
}

/**
 * The last answer of a change set, or that of the request by which all of it failed. Throws crm.body_invalid where it
 * tells neither.
 */
export function readChangeSet(reply: CrmReply, expected: number): CrmReply {
  const [whole = ''] = partsOf(reply)
  const inner = boundaryOf(cut(whole)[0])
  const parts = inner === undefined ? [readPart(whole)] : split(cut(whole)[1], inner).map(readPart)
  const failed = parts.find((part) => part !== null && part.status >= 400)
  const last = parts.length === expected && parts.every((part) => part !== null) ? parts.at(-1) : undefined
  // Refused before any of it was looked at: throttled, rejected, gone.
  const bare = reply.status >= 400 && boundaryOf(reply.headers['content-type'] ?? '') === undefined ? reply : undefined
  const answer = failed ?? last ?? bare
  if (answer) return answer
  throw new HubError('crm.body_invalid', 'A change set was answered by something that is no answer to it', {
    vendorStatus: reply.status,
    sent: true,
  })
}

const boundaryOf = (text: string) => /boundary="?([^";\r\n]+)"?/i.exec(text)?.[1]

function partsOf(reply: CrmReply): string[] {
  const boundary = boundaryOf(reply.headers['content-type'] ?? '')
  return boundary === undefined ? [] : split(reply.text, boundary)
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

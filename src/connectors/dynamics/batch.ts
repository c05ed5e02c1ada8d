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

/** What one write asks for: one request, or several as a change set, of which all are carried out in their order, or none. */
export type Item = readonly Part[]

/**
 * The body of a `$batch` ("Execute batch operations using the Web API"). Its items stand side by side: one that is refused
 * must not undo the others.
 */
export function writeBatch(items: readonly Item[], origin: string): { contentType: string; body: string } {
  let id = 0
  const texts = items.map((item) => {
    if (item.length === 1) return http(item[0]!, origin)
    // Within a change set each request has one, and none stands twice in the batch.
    const set = multipart(
      'changeset',
      item.map((part) => {
        id += 1
        return http(part, origin, `Content-ID: ${id}`)
      }),
    )
    return `Content-Type: ${set.contentType}\r\n\r\n${set.body}`
  })
  return multipart('batch', texts)
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

/**
 * One answer for each item, in their order. Throws crm.body_invalid where they are not as many: then each of them may have
 * been carried out, whatever the status of the whole.
 */
export function readBatch(reply: CrmReply, items: readonly Item[]): CrmReply[] {
  const parts = partsOf(reply)
  const answers = parts.map((text, at) => readItem(text, items[at]?.length ?? 1))
  if (parts.length === items.length && answers.every((answer) => answer !== null)) return answers
  throw new HubError('crm.body_invalid', `A batch of ${items.length} was answered by ${parts.length} parts`, {
    sent: true,
  })
}

/** The answer to a batch of one change set. Throws crm.body_invalid where it is none. */
export function readChangeSet(reply: CrmReply, item: Item): CrmReply {
  const [whole = ''] = partsOf(reply)
  const answer = readItem(whole, item.length) ?? (isBareRefusal(reply) ? reply : null)
  if (answer) return answer
  throw new HubError('crm.body_invalid', 'A change set was answered by something that is no answer to it', {
    vendorStatus: reply.status,
    sent: true,
  })
}

/** Refused before any of it was looked at: throttled, rejected, gone. */
export const isBareRefusal = (reply: CrmReply): boolean =>
  reply.status >= 400 && boundaryOf(reply.headers['content-type'] ?? '') === undefined

/** Of a change set the last answer, or that of the request by which all of it failed; null where it tells neither. */
function readItem(text: string, size: number): CrmReply | null {
  const [head, rest] = cut(text)
  const inner = boundaryOf(head)
  const parts = inner === undefined ? [readPart(text)] : split(rest, inner).map(readPart)
  const failed = parts.find((part) => part !== null && part.status >= 400)
  const whole = parts.length === size && parts.every((part) => part !== null)
  return failed ?? (whole ? parts.at(-1)! : null)
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

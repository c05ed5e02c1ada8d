import { randomUUID } from 'node:crypto'
import { countRequest } from '../exchange/request-log.ts'
import { odata, payload, ServiceError } from './errors.ts'
import type { Reply, Request } from './http.ts'
import { parsePrefer } from './http.ts'
import { atomically } from './organization.ts'
import { kindOf } from './requests.ts'
import { answer, type Call } from './service.ts'
import type { Simulator } from './simulator.ts'

/** The service refuses more in one batch. */
const MAX_REQUESTS = 1000

type Part = { headers: Record<string, string>; content: string }
/** Performs one write of the batch; `references` are what its Content-IDs stand for. */
type Writer = (sim: Simulator, call: Call, references: Map<string, string>) => Reply
type Batch = { sim: Simulator; call: Call; writes: Writer; references: Map<string, string>; count: number }

export function batch(sim: Simulator, call: Call, writes: Writer): Reply {
  const b: Batch = { sim, call, writes, references: new Map(), count: 0 }
  const keepOn = parsePrefer(call.request.headers.prefer).has('odata.continue-on-error')
  const boundary = boundaryOf(call.request.headers['content-type'] ?? '')
  if (!boundary || !call.request.body.includes('\r\n'))
    throw payload(
      '',
      'Microsoft.OData.ODataException: The message header is malformed; a boundary and CRLF line ends are needed.',
    )
  const replies: string[] = []
  for (const part of split(call.request.body, boundary)) {
    const type = part.headers['content-type'] ?? ''
    const { text, failed } = type.startsWith('multipart/mixed') ? changeSet(b, part) : alone(b, part)
    if (failed && !keepOn) return multipart(400, 'batchresponse', [text])
    replies.push(text)
  }
  return multipart(200, 'batchresponse', replies)
}

const boundaryOf = (type: string) => /boundary="?([^";]+)"?/i.exec(type)?.[1] ?? null

function split(body: string, boundary: string): Part[] {
  const chunks = body.split(
    new RegExp(`(?:^|\\r\\n)--${boundary.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')}(?:--)?[ \\t]*(?:\\r\\n|$)`),
  )
  return chunks
    .slice(1)
    .filter((chunk) => chunk.trim() !== '')
    .map((chunk) => {
      const { head, rest } = headAndBody(chunk)
      return { headers: headersOf(head.split('\r\n')), content: rest }
    })
}

function headAndBody(text: string): { head: string; rest: string } {
  const at = text.indexOf('\r\n\r\n')
  return at < 0 ? { head: text.replace(/\r\n$/, ''), rest: '' } : { head: text.slice(0, at), rest: text.slice(at + 4) }
}

function headersOf(lines: string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const at = line.indexOf(':')
    if (at > 0) headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim()
  }
  return headers
}

function innerRequest(b: Batch, part: Part): Request {
  if (++b.count > MAX_REQUESTS) throw odata('The number of requests in a batch exceeds the limit of 1000.')
  const { head, rest } = headAndBody(part.content)
  const [line = '', ...lines] = head.split('\r\n')
  const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(line) ?? []
  if (!method || !target) throw payload('', `Microsoft.OData.ODataException: The request line '${line}' is not valid.`)
  const url = absolute(b, target)
  return {
    method,
    url,
    path: url.split('?')[0]!,
    headers: headersOf(lines),
    body: rest.replace(/\r\n$/, ''),
    userId: b.call.request.userId,
    inBatch: true,
  }
}

/** A path from the root of the server; `$1` is the row that the request of that Content-ID made. */
function absolute(b: Batch, target: string): string {
  const [, reference, tail = ''] = /^\/?\$(\d+)(.*)$/.exec(target) ?? []
  if (reference !== undefined) {
    const made = b.references.get(reference)
    if (!made) throw odata(`Content-ID Reference: '$${reference}' does not exist in the batch context.`)
    return new URL(made).pathname + tail
  }
  if (/^https?:/.test(target)) return target.replace(/^https?:\/\/[^/]+/, '')
  const version = /\/(v9\.\d)\//.exec(b.call.root)?.[1]
  return target.startsWith('/') ? target : `/api/data/${version}/${target}`
}

function perform(b: Batch, request: Request): Reply {
  countRequest(b.sim.log, kindOf(request.method, request.url))
  return answer(b.sim.service, request, (call) => b.writes(b.sim, call, b.references))
}

type Answered = { text: string; failed: boolean }

function alone(b: Batch, part: Part): Answered {
  const request = innerRequest(b, part)
  if (request.path.endsWith('/$batch')) throw odata('A batch cannot hold another batch.')
  const reply = perform(b, request)
  return { text: `--%B\r\n${asPart(reply, null)}`, failed: reply.status >= 400 }
}

/** All or nothing; the reply of the first that fails stands for the whole set. */
function changeSet(b: Batch, part: Part): Answered {
  const boundary = boundaryOf(part.headers['content-type'] ?? '')
  if (!boundary) throw payload('', 'Microsoft.OData.ODataException: The change set has no boundary.')
  const replies: string[] = []
  let failure: Reply | null = null
  const logged = b.sim.log.writes.length
  try {
    atomically(b.sim.org, () => {
      for (const inner of split(part.content, boundary)) {
        const id = inner.headers['content-id']
        if (id === undefined) throw odata('The Content-ID header is missing in a part of the change set.')
        const request = innerRequest(b, inner)
        if (request.method === 'GET') throw odata('A change set cannot hold a GET request.')
        const reply = perform(b, request)
        if (reply.status >= 400) {
          failure = reply
          throw new ServiceError(reply.status, '', 'rolled back')
        }
        b.references.set(id, reply.headers['odata-entityid'] ?? '')
        replies.push(asPart(reply, id))
      }
    })
  } catch (error) {
    for (const write of b.sim.log.writes.slice(logged)) write.rolledBack = true
    if (failure === null) throw error
    return { text: `--%B\r\n${asPart(failure, null)}`, failed: true }
  }
  const name = `changesetresponse_${randomUUID()}`
  const inside = replies.map((reply) => `--${name}\r\n${reply}`).join('')
  return {
    text: `--%B\r\nContent-Type: multipart/mixed; boundary=${name}\r\n\r\n${inside}--${name}--\r\n`,
    failed: false,
  }
}

const REASONS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
}

function asPart(reply: Reply, contentId: string | null): string {
  const id = contentId === null ? '' : `Content-ID: ${contentId}\r\n`
  const headers = Object.entries(reply.headers).map(([name, value]) => `${title(name)}: ${value}\r\n`)
  const line = `HTTP/1.1 ${reply.status} ${REASONS[reply.status] ?? 'Error'}`
  const body = typeof reply.body === 'string' ? reply.body : reply.body.toString('utf8')
  return `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${id}\r\n${line}\r\n${headers.join('')}\r\n${body}\r\n`
}

const NAMES: Record<string, string> = {
  'odata-version': 'OData-Version',
  'odata-entityid': 'OData-EntityId',
  etag: 'ETag',
  req_id: 'REQ_ID',
}
const title = (name: string) => NAMES[name] ?? name.replace(/(^|-)[a-z]/g, (c) => c.toUpperCase())

function multipart(status: number, kind: string, parts: string[]): Reply {
  const boundary = `${kind}_${randomUUID()}`
  const body = `${parts.map((part) => part.replace('--%B', `--${boundary}`)).join('')}--${boundary}--\r\n`
  return { status, headers: { 'content-type': `multipart/mixed; boundary=${boundary}`, 'odata-version': '4.0' }, body }
}

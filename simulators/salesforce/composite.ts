import type { Reply } from '../exchange/http.ts'
import { ApiError, bodyOf, json } from './errors.ts'
import { atomically } from './organisation.ts'
import { inputOf } from './records.ts'
import type { Call } from './simulator.ts'

type SubRequest = {
  method: string
  url: string
  referenceId?: string
  body?: unknown
  richInput?: unknown
  httpHeaders?: Record<string, string>
}
type SubReply = { body: unknown; httpHeaders: Record<string, string>; httpStatusCode: number; referenceId: string }
type Answer = (call: Call) => Reply

const MOST = 25

class Undone extends Error {}

/** `/composite`: up to 25 requests, each of which may use the answers of those before it by `@{reference.field}`. */
export function composite(call: Call, answer: Answer): Reply {
  const input = inputOf(call) as { allOrNone?: boolean; compositeRequest?: SubRequest[] }
  const requests = input.compositeRequest ?? []
  if (requests.length > MOST) throw new ApiError(400, 'LIMIT_EXCEEDED', `The maximum number of subrequests is ${MOST}.`)
  // The parts inherit them, and may not name them.
  const own = requests.flatMap(({ httpHeaders = {} }) => Object.keys(httpHeaders))
  const inherited = own.find((name) => /^(accept|authorization|content-type)$/i.test(name))
  if (inherited) throw new ApiError(400, 'INVALID_INPUT', `The header ${inherited} may not be set in a subrequest.`)
  const replies: SubReply[] = []
  const { log } = call.sim
  const before = log.writes.length
  const run = () => {
    for (const request of requests) replies.push(subRequest(call, request, replies, answer))
    if (input.allOrNone && replies.some((r) => r.httpStatusCode >= 400)) throw new Undone()
  }
  try {
    if (input.allOrNone) atomically(call.sim.org, run)
    else run()
  } catch (error) {
    if (!(error instanceof Undone)) throw error
    for (const write of log.writes.slice(before)) write.rolledBack = true
    const halted = [
      {
        errorCode: 'PROCESSING_HALTED',
        message: 'The transaction was rolled back since another operation in the same transaction failed.',
      },
    ]
    for (const reply of replies)
      if (reply.httpStatusCode < 400) Object.assign(reply, { body: halted, httpStatusCode: 400, httpHeaders: {} })
  }
  return json(200, { compositeResponse: replies })
}

function subRequest(call: Call, request: SubRequest, earlier: SubReply[], answer: Answer): SubReply {
  const referenceId = request.referenceId ?? ''
  try {
    const url = substitute(request.url, earlier)
    const body = request.body === undefined ? '' : substitute(JSON.stringify(request.body), earlier)
    const reply = answer(subCall(call, { ...request, url }, body))
    const { 'content-type': _, ...httpHeaders } = reply.headers
    const text = reply.body.toString()
    return { body: text === '' ? null : JSON.parse(text), httpHeaders, httpStatusCode: reply.status, referenceId }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { body: bodyOf(error), httpHeaders: {}, httpStatusCode: error.status, referenceId }
  }
}

function subCall(call: Call, request: SubRequest, body: string): Call {
  const url = new URL(request.url, call.sim.origin)
  const [, version = '', rest = ''] = /^\/services\/data\/(v\d+\.\d+)\/(.*)$/.exec(url.pathname) ?? []
  if (version === '') throw new ApiError(400, 'INVALID_URL', `Invalid URL: ${request.url}`)
  const own = Object.fromEntries(Object.entries(request.httpHeaders ?? {}).map(([k, v]) => [k.toLowerCase(), v]))
  const headers = { 'sforce-call-options': call.headers['sforce-call-options'] ?? '', ...own }
  const segments = rest.split('/').filter(Boolean).map(decodeURIComponent)
  return {
    ...call,
    method: request.method.toUpperCase(),
    version,
    segments,
    query: url.searchParams,
    headers,
    body: Buffer.from(body),
  }
}

function substitute(text: string, earlier: SubReply[]): string {
  return text.replace(/@\{([\w]+)\.([^}]+)\}/g, (whole, id: string, path: string) => {
    const found = earlier.find((r) => r.referenceId === id)
    if (!found || found.httpStatusCode >= 400)
      throw new ApiError(
        400,
        'PROCESSING_HALTED',
        `Invalid reference specified. No value for ${whole.slice(2, -1)} found in ${id}`,
      )
    let value: unknown = found.body
    for (const part of path.split(/[.[\]]+/).filter(Boolean)) value = (value as Record<string, unknown> | null)?.[part]
    return String(value)
  })
}

/** `/composite/batch`: up to 25 requests that know nothing of each other. */
export function batch(call: Call, answer: Answer): Reply {
  const { batchRequests = [], haltOnError = false } = inputOf(call) as {
    batchRequests?: SubRequest[]
    haltOnError?: boolean
  }
  if (batchRequests.length > MOST)
    throw new ApiError(400, 'LIMIT_EXCEEDED', `The maximum number of subrequests is ${MOST}.`)
  const results: { statusCode: number; result: unknown }[] = []
  for (const request of batchRequests) {
    const failed = results.some((r) => r.statusCode >= 400)
    const url = request.url.startsWith('/') ? request.url : `/services/data/${request.url}`
    const { httpStatusCode: statusCode, body: result } =
      failed && haltOnError
        ? {
            httpStatusCode: 412,
            body: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }],
          }
        : subRequest(call, { ...request, url, body: request.richInput }, [], answer)
    results.push({ statusCode, result })
  }
  return json(200, { hasErrors: results.some((r) => r.statusCode >= 400), results })
}

/** `/composite/graph`: each graph is done as a whole or not at all. */
export function graphs(call: Call, answer: Answer): Reply {
  const { graphs: given = [] } = inputOf(call) as { graphs?: { graphId: string; compositeRequest: SubRequest[] }[] }
  if (given.length > 75 || given.reduce((sum, g) => sum + g.compositeRequest.length, 0) > 500)
    throw new ApiError(400, 'LIMIT_EXCEEDED', 'The maximum is 75 graphs and 500 nodes.')
  const done = given.map(({ graphId, compositeRequest }) => {
    const body = Buffer.from(JSON.stringify({ allOrNone: true, compositeRequest: compositeRequest.slice(0, MOST) }))
    const graphResponse = JSON.parse(String(composite({ ...call, body }, answer).body)) as {
      compositeResponse: SubReply[]
    }
    return {
      graphId,
      graphResponse,
      isSuccessful: graphResponse.compositeResponse.every((r) => r.httpStatusCode < 400),
    }
  })
  return json(200, { graphs: done })
}

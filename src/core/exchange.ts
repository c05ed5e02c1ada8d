import type { Dispatcher } from 'undici'
import { acceptedEncodings, readBody } from './body.ts'

export interface WireRequest {
  method: string
  headers: Record<string, string>
  body: string | Buffer | undefined
  maxBytes: number
  signal: AbortSignal
  /** Method, host and path, for messages. */
  what: string
  /** Called when the first byte of the request is about to go out. */
  onSent: () => void
}

export interface WireReply {
  status: number
  headers: Record<string, string>
  body: Buffer
}

const bodiless = new Set([204, 205, 304])

/** One request and its whole answer over one dispatcher; throws what undici throws. */
export async function exchange(dispatcher: Dispatcher, url: URL, request: WireRequest): Promise<WireReply> {
  const { method, signal, what, maxBytes } = request
  const response = await dispatcher.compose(noticeSent(request.onSent)).request({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: { 'user-agent': 'jackfield', 'accept-encoding': acceptedEncodings, ...lowerCased(request.headers) },
    body: request.body ?? null,
    signal,
  })
  const headers = flat(response.headers)
  const status = response.statusCode
  const hasBody = method !== 'HEAD' && !bodiless.has(status)
  const encoding = hasBody ? headers['content-encoding'] : undefined
  const contentLength = hasBody ? headers['content-length'] : undefined
  try {
    return { status, headers, body: await readBody(response.body, { maxBytes, encoding, contentLength, what }) }
  } catch (error) {
    // Left unread, the rest of the answer would hold its connection.
    response.body.on('error', () => {}).destroy()
    throw error
  }
}

/** Whether a failed write may be repeated hangs on whether any of it left; undici tells when it begins to write. */
function noticeSent(onSent: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const noticed: Dispatcher.DispatchHandler = {
      onRequestStart: (controller, context) => {
        onSent()
        handler.onRequestStart?.(controller, context)
      },
      onRequestUpgrade: (...event) => handler.onRequestUpgrade?.(...event),
      onResponseStart: (...event) => handler.onResponseStart?.(...event),
      onResponseData: (...event) => handler.onResponseData?.(...event),
      onResponseEnd: (...event) => handler.onResponseEnd?.(...event),
      onResponseError: (...event) => handler.onResponseError?.(...event),
    }
    return dispatch(options, noticed)
  }
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const record: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) record[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return record
}

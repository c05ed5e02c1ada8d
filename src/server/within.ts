import type { FastifyInstance } from 'fastify'
import { readEvents } from '#core/event-stream.ts'

export interface WithinOptions {
  body?: unknown
  /** Asks for a stream of events and is told of each; the answer is then the last one's data. */
  onEvent?: (event: string, data: unknown) => void
  /** Takes an answer that went well as it comes, whatever it is; its body is then null. */
  onText?: (text: string) => Promise<void>
}

export interface Answer {
  status: number
  body: unknown
}

/** Calls the API from within the process, through the very same routes and checks, without a port. */
export async function callWithin(
  app: FastifyInstance,
  key: string,
  asked: { method: string; path: string } & WithinOptions,
): Promise<Answer> {
  const { method, path, body, onEvent, onText } = asked
  const response = await app.inject({
    method: method as 'GET',
    url: path,
    headers: {
      authorization: `Bearer ${key}`,
      ...(onEvent ? { accept: 'text/event-stream' } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    payloadAsStream: true,
  })
  const stream = response.stream()
  if (onEvent && response.headers['content-type']?.toString().startsWith('text/event-stream')) {
    return { status: response.statusCode, body: await readEvents(stream.setEncoding('utf8'), onEvent) }
  }
  if (onText && response.statusCode < 400) {
    for await (const piece of stream.setEncoding('utf8')) await onText(piece as string)
    return { status: response.statusCode, body: null }
  }
  const text = (await stream.setEncoding('utf8').toArray()).join('')
  return { status: response.statusCode, body: text === '' ? null : JSON.parse(text) }
}

import { readEvents } from '#core/event-stream.ts'
import type { Asked, Call } from './api.ts'
import { Failure } from './failure.ts'

/** Until the answer begins; a stream may then take as long as its work does. */
const answerMs = 60_000

/** Calls a hub over the network, with a key. */
export function callRemote(url: string, key: string): Call {
  const base = url.replace(/\/+$/, '')
  return async (asked) => {
    const response = await send(base, key, asked)
    if (asked.onEvent && response.headers.get('content-type')?.startsWith('text/event-stream')) {
      return {
        status: response.status,
        body: await readEvents(response.body!.pipeThrough(new TextDecoderStream()), asked.onEvent),
      }
    }
    if (asked.onText && response.ok) {
      for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) await asked.onText(piece)
      return { status: response.status, body: null }
    }
    const text = await response.text().catch(() => '')
    return { status: response.status, body: parse(text) }
  }
}

async function send(base: string, key: string, { method, path, body, onEvent }: Asked): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), answerMs)
  try {
    return await fetch(base + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(onEvent ? { accept: 'text/event-stream' } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A key must not follow a redirect to someone else.
      redirect: 'error',
      signal: late.signal,
    })
  } catch (cause) {
    const reason = (cause as { cause?: { code?: string } }).cause?.code ?? (cause as Error).message
    throw new Failure({ code: 'hub.unreachable', message: `No hub answers at ${base} (${reason})` })
  } finally {
    clearTimeout(timer)
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return null
  }
}

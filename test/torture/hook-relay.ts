import { hash } from 'node:crypto'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A push that the hub acknowledged. */
export interface AcknowledgedPush {
  entity: string
  id: string
  /** The same for an event that was delivered twice. */
  event: string
  /** When the acknowledgement arrived; performance.now(). */
  at: number
}

/** Stands between the CRM and the hub's webhook door, so that it is known what the hub acknowledged. */
export interface HookRelay {
  url: string
  acknowledged: AcknowledgedPush[]
  refused: number
  /** Under way. */
  readonly open: number
  close(): Promise<void>
}

export async function startHookRelay(target: () => string): Promise<HookRelay> {
  const acknowledged: AcknowledgedPush[] = []
  const relay = { acknowledged, refused: 0, open: 0 }
  const server = createServer((message, response) => {
    relay.open += 1
    response.once('close', () => {
      relay.open -= 1
    })
    void pass(message, response, target()).then(
      ({ status, body }) => {
        if (status < 200 || status >= 300) relay.refused += 1
        else acknowledged.push({ ...subjectOf(body), event: hash('sha1', body), at: performance.now() })
      },
      () => {
        relay.refused += 1
      },
    )
  })
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(relay, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

function subjectOf(body: string): { entity: string; id: string } {
  const event = JSON.parse(body) as { PrimaryEntityName: string; PrimaryEntityId: string }
  return { entity: event.PrimaryEntityName, id: event.PrimaryEntityId.toLowerCase() }
}

async function pass(
  message: IncomingMessage,
  response: ServerResponse,
  target: string,
): Promise<{ status: number; body: string }> {
  let body = ''
  message.setEncoding('utf8')
  for await (const chunk of message) body += chunk as string
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const { host: _host, ...headers } = message.headers
  const call = request(`${target}${message.url ?? '/'}`, { method: message.method ?? 'POST', headers }, (answer) => {
    const status = answer.statusCode ?? 0
    response.writeHead(status, answer.headers)
    answer.pipe(response)
    answer.once('close', () => resolve(status))
    answer.once('error', reject)
  })
  call.once('error', reject)
  call.end(body)
  try {
    return { status: await promise, body }
  } catch (error) {
    // As the CRM sees it: the connection broke.
    response.socket?.destroy()
    throw error
  }
}

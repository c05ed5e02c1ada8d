import { hash } from 'node:crypto'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A push as it was sent to the hub. */
export interface Pushed {
  /** With what follows the path. */
  path: string
  headers: Record<string, string>
  body: string
}

/** A row that a push tells of. */
export interface PushSubject {
  entity: string
  id: string
}

/** A push that the hub acknowledged. */
export interface AcknowledgedPush {
  push: Pushed
  subjects: PushSubject[]
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

export async function startHookRelay(
  target: () => string,
  subjectsOf: (push: Pushed) => PushSubject[],
): Promise<HookRelay> {
  const acknowledged: AcknowledgedPush[] = []
  const relay = { acknowledged, refused: 0, open: 0 }
  const server = createServer((message, response) => {
    relay.open += 1
    response.once('close', () => {
      relay.open -= 1
    })
    void pass(message, response, target()).then(
      ({ status, push }) => {
        if (status < 200 || status >= 300) relay.refused += 1
        else
          acknowledged.push({ push, subjects: subjectsOf(push), event: hash('sha1', push.body), at: performance.now() })
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

async function pass(
  message: IncomingMessage,
  response: ServerResponse,
  target: string,
): Promise<{ status: number; push: Pushed }> {
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
    const push = { path: message.url ?? '/', headers: headers as Record<string, string>, body }
    return { status: await promise, push }
  } catch (error) {
    // As the CRM sees it: the connection broke.
    response.socket?.destroy()
    throw error
  }
}

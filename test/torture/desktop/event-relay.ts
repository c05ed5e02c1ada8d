import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Chance } from '../random.ts'

/** Stands between the contact centre and the hub, and sends some events twice at once. */
export interface EventRelay {
  url: string
  /** Sent twice in one moment. */
  readonly doubled: number
  close(): Promise<void>
}

/** A sender whose line stutters: the two copies meet within the hub. */
const doubledShare = 0.08

export async function startEventRelay(target: () => string, chance: Chance): Promise<EventRelay> {
  let doubled = 0
  const pass = async (message: IncomingMessage, response: ServerResponse) => {
    const body = message.method === 'POST' ? await text(message) : null
    const send = () => forward(`${target()}${message.url ?? '/'}`, message, body)
    const sent = send()
    if (body !== null && chance.next() < doubledShare) {
      doubled += 1
      // What becomes of the copy is nobody's business.
      send().catch(() => undefined)
    }
    const { status, answer } = await sent
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
  }
  const server = createServer((message, response) => {
    // As the contact centre sees it: the connection broke.
    pass(message, response).catch(() => response.socket?.destroy())
  })
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get doubled() {
      return doubled
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const proofs = ['authorization', 'content-type', 'x-jackfield-signature']

async function forward(url: string, { method = 'GET', headers }: IncomingMessage, body: string | null) {
  const reply = await fetch(url, {
    method,
    headers: Object.fromEntries(proofs.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []))),
    ...(body === null ? {} : { body }),
    // Longer than the centre's own patience.
    signal: AbortSignal.timeout(45_000),
  })
  return { status: reply.status, answer: await reply.text() }
}

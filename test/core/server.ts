import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { DoorOptions } from '#core/http.ts'
import { createDoor } from '#core/http.ts'
import type { Identity } from './certificate.ts'

export interface TestServer {
  url: string
  /** `127.0.0.1:port` */
  host: string
  port: number
  /** Every request that arrived, in order. */
  requests: IncomingMessage[]
}

/** A real server on a free port of the loopback, gone with the test. */
export async function serve(t: TestContext, listener: RequestListener, identity?: Identity): Promise<TestServer> {
  const requests: IncomingMessage[] = []
  const record = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(request)
    request.resume()
    listener(request, response as Parameters<RequestListener>[1])
  }
  const server = identity ? createTlsServer({ key: identity.key, cert: identity.cert }, record) : createServer(record)
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  t.after(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `${identity ? 'https' : 'http'}://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, port, requests }
}

/** A door to these servers, closed with the test; waits cost no time, and are kept in `waits`. */
export function openDoor(t: TestContext, servers: TestServer[], options: Partial<DoorOptions> = {}) {
  const waits: number[] = []
  const clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: async (ms: number) => void waits.push(ms),
  }
  const door = createDoor({
    allowHosts: new Set(servers.map((server) => server.host)),
    clock,
    random: () => 0,
    ...options,
  })
  t.after(() => door.close())
  return { door, waits }
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { builtInRoles } from '#people/role.ts'
import { startHttp } from '../../simulators/http/server.ts'
import { connectBody, type ServedHub, type Simulator, serveHub, startSimulator, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { type Operation, operationsOf } from './operations.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API
export type Json = any

/** A server that notes who asks it. */
export interface Spy {
  url: string
  port: number
  hits: string[]
}

/** A hub with something to steal in it. */
export interface World {
  hub: ServedHub
  operations: Operation[]
  simulator: Simulator
  api: Awaited<ReturnType<typeof startHttp>>
  connection: string
  /** One that the hub may call, and one that it may not. */
  spies: { allowed: Spy; forbidden: Spy; redirecting: Spy }
  /** A key with the permissions and the sight of each built-in role, and one with none. */
  keys: Map<string, string>
  /** As the browser of the administrator sends it. */
  cookie: string
}

async function startSpy(t: TestScope, redirectTo?: () => string): Promise<Spy> {
  const hits: string[] = []
  const server = createServer((request, reply) => {
    hits.push(`${request.method} ${request.url}`)
    request.resume()
    if (redirectTo) reply.writeHead(307, { location: redirectTo() }).end()
    else reply.writeHead(404, { 'content-type': 'application/json' }).end('{}')
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, hits }
}

export async function openWorld(t: TestScope): Promise<World> {
  const simulator = await startSimulator(t, 40)
  const api = await startHttp({ records: 10, seed: 3 })
  t.after(() => api.close())
  const forbidden = await startSpy(t)
  const [allowed, redirecting] = [await startSpy(t), await startSpy(t, () => forbidden.url)]
  const hosts = [simulator, api, allowed, redirecting].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { simulator, work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const made = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  if (made.status !== 201) throw new Error(`Not connected: ${made.text}`)
  await until('contacts are copied', async () => {
    const { json } = await hub.ask(`/api/v1/connections/${made.json.id}/tables/contact`)
    return json.firstPassAt
  })
  const { json: document } = await hub.ask('/api/openapi.json', { key: null })
  return {
    ...{ hub, simulator, api, spies: { allowed, forbidden, redirecting } },
    operations: operationsOf(document),
    connection: made.json.id,
    keys: await keysOfRoles(hub),
    cookie: await signedIn(hub),
  }
}

async function keysOfRoles(hub: ServedHub): Promise<Map<string, string>> {
  const keys = new Map<string, string>()
  for (const { id, permissions } of builtInRoles) {
    const { json } = await hub.ask('/api/v1/keys', { json: { name: id, scopes: permissions, role: id } })
    keys.set(id, json.key)
  }
  const { json } = await hub.ask('/api/v1/keys', { json: { name: 'nobody', scopes: ['manage:flows'] } })
  await hub.hub.pool.query(`update jackfield.api_key set scopes = '{}' where id = $1`, [json.id])
  return keys.set('no role', json.key)
}

async function signedIn(hub: ServedHub): Promise<string> {
  const token = new URL(await hub.signInLink()).hash.slice(1)
  const page = { 'x-jackfield': '1' }
  const { headers } = await hub.ask('/api/v1/session', { key: null, json: { token }, headers: page })
  return headers.get('set-cookie')!.split(';', 1)[0]!
}

/** Asks without waiting for the end of a stream. */
export async function statusOf(hub: ServedHub, path: string, init: RequestInit): Promise<number> {
  const stop = new AbortController()
  const reply = await fetch(hub.url + path, { ...init, signal: stop.signal })
  stop.abort()
  return reply.status
}

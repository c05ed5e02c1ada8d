import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openHub } from '#app.ts'
import { readSettings } from '#env.ts'
import { type Permission, permissions } from '#model/permission.ts'
import type { Hub, Role } from '#server/hub.ts'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { type TestScope, testDatabase } from '../support/database.ts'

export type Simulator = Awaited<ReturnType<typeof startDynamics>>

export interface Reply {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  json: any
}

/** The whole hub as it is served: real sockets, real Postgres, and a simulated organisation where one is asked for. */
export interface ServedHub {
  url: string
  databaseUrl: string
  dataFolder: string
  hub: Hub
  /** With every scope, unless another key is given; null sends none. */
  ask(path: string, init?: RequestInit & { key?: string | null; json?: unknown }): Promise<Reply>
  newKey(...scopes: Permission[]): Promise<string>
  /** Of the first administrator, or of whoever has this address. */
  signInLink(email?: string): Promise<string>
  /** What the hub logged. */
  lines: string[]
  close(): Promise<void>
}

export interface ServeOptions {
  role?: Role
  simulator?: Simulator
  work?: boolean
  databaseUrl?: string
  environment?: Record<string, string>
}

export async function startSimulator(t: TestScope, records = 30): Promise<Simulator> {
  const simulator = await startDynamics({ port: 0, records, seed: 5, protection: false })
  t.after(() => simulator.close())
  return simulator
}

export async function serveHub(t: TestScope, options: ServeOptions = {}): Promise<ServedHub> {
  const databaseUrl = options.databaseUrl ?? (await testDatabase(t)).url
  const dataFolder = await mkdtemp(join(tmpdir(), 'jackfield-served-'))
  const { simulator } = options
  const allowed = simulator ? new URL(simulator.url).host : ''
  const settings = readSettings({
    DATABASE_URL: databaseUrl,
    JACKFIELD_DATA: dataFolder,
    JACKFIELD_ALLOW_HOSTS: allowed,
    ...options.environment,
  })
  const lines: string[] = []
  const logging = { level: 'info', format: 'json', write: (line: string) => void lines.push(line) } as const
  const open = await openHub({ settings, logging, role: options.role ?? 'all', alone: true })
  t.after(async () => {
    await open.close()
    await rm(dataFolder, { recursive: true, force: true })
  })
  const url = await open.listen({ host: '127.0.0.1', port: 0 })
  if (options.work) open.startWork()
  const newKey = async (...scopes: Permission[]) => {
    const made = await open.call({ method: 'POST', path: '/api/v1/keys', body: { name: 'test', scopes } })
    return (made.body as { key: string }).key
  }
  const master = await newKey(...permissions)
  return {
    ...{ url, databaseUrl, dataFolder, lines, newKey, hub: open.hub },
    ask: (path, { key = master, json, ...init } = {}) => ask(url + path, key, json, init),
    signInLink: (email) => open.signInLink(url, email),
    close: () => open.close(),
  }
}

async function ask(url: string, key: string | null, json: unknown, init: RequestInit): Promise<Reply> {
  const headers = new Headers(init.headers)
  if (key !== null) headers.set('authorization', `Bearer ${key}`)
  if (json !== undefined) headers.set('content-type', 'application/json')
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  const response = await fetch(url, { method: json === undefined ? 'GET' : 'POST', ...init, ...body, headers })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
}

export function connectBody(simulator: Simulator, over: { secret?: string; tenant?: string; clientId?: string } = {}) {
  const { url, authority, tenant, clientId, clientSecret } = simulator
  return {
    crm: 'dynamics',
    url,
    name: 'Contoso',
    authentication: {
      settings: { authority, tenant: over.tenant ?? tenant, clientId: over.clientId ?? clientId },
      secret: over.secret ?? clientSecret,
    },
  }
}

/** Waits for what no clock can promise; the limit is far beyond any machine's slowness. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | null | false> | T | undefined | null | false,
) {
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    const found = await look()
    if (found) return found as T
    await wait(50)
  }
  throw new Error(`This did not come within a minute: ${what}`)
}

import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Directory, DEFAULTS as ENTRA_DEFAULTS, type EntraSettings } from '../entra/data.ts'
import { makeKeySet } from '../entra/keys.ts'
import { control } from './control.ts'
import { exchange } from './exchange.ts'
import { readBody } from './http.ts'
import { makeOrganization } from './make-organization.ts'
import type { Settings } from './organization.ts'
import { guidOf } from './random.ts'
import { makeSimulator, type Simulator } from './simulator.ts'

export type DynamicsOptions = {
  /** 0 or absent: any free port. */
  port?: number
  /** Accounts and contacts together, one to five. */
  records?: number
  seed?: number
  settings?: Partial<Settings>
  entra?: Partial<EntraSettings>
}

export type RunningDynamics = {
  url: string
  authority: string
  tenant: string
  clientId: string
  clientSecret: string
  control: string
  simulator: Simulator
  close(): Promise<void>
}

/** Starts a Dataverse organisation and the directory that guards it, both on one port of 127.0.0.1. */
export async function startDynamics(options: DynamicsOptions = {}): Promise<RunningDynamics> {
  const seed = options.seed ?? 1
  const clientId = guidOf(seed, 'client')
  const clientSecret = `sim~${randomBytes(24).toString('base64url')}`
  const org = makeOrganization({ seed, records: options.records ?? 30_000, clientId, settings: options.settings })
  const directory = makeDirectory(seed, clientId, clientSecret, options.entra)
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 })
  await listen(server, options.port ?? 0)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  directory.resources.add(url)
  const simulator = makeSimulator({ org, directory, origin: url })
  server.on('request', (message, response) => void serve(simulator, message, response))
  return {
    url,
    authority: url,
    tenant: directory.tenantId,
    clientId,
    clientSecret,
    control: `${url}/control`,
    simulator,
    close: () => close(server),
  }
}

function makeDirectory(seed: number, clientId: string, secret: string, settings?: Partial<EntraSettings>): Directory {
  const app = {
    clientId,
    name: 'Jackfield',
    objectId: guidOf(seed, 'application object'),
    secrets: [{ value: secret, expiresAt: null }],
    redirectUris: [],
    consented: true,
  }
  const people = [0, 1, 2].map((i) => ({
    objectId: guidOf(seed, `user object ${i}`),
    upn: `user${i}@contoso.example`,
    name: `User ${i}`,
  }))
  return {
    tenantId: guidOf(seed, 'tenant'),
    domain: 'contoso.example',
    name: 'Contoso',
    apps: new Map([[clientId, app]]),
    people,
    resources: new Set(['https://graph.microsoft.com']),
    keys: makeKeySet(),
    codes: new Map(),
    refreshTokens: new Map(),
    settings: { ...ENTRA_DEFAULTS, ...settings },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function serve(sim: Simulator, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(message)
    if (body === null) {
      response.writeHead(413).end()
      return
    }
    const isControl = message.url === '/control' || message.url?.startsWith('/control/')
    await (isControl ? control(sim, message, response, body) : exchange(sim, message, response, body))
  } catch (error) {
    if (message.destroyed && !message.complete) return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
    response.end(`simulator: ${text}`)
  }
}

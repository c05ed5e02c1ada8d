import { connectorOf } from '#connectors/registry.ts'
import { type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'
import { openSession, type TestSession } from '../support/crm-session.ts'
import type { Trouble, World } from './world.ts'

const faults: Record<Trouble, Record<string, unknown>> = {
  'throttled with a hint': { kind: '429', retryAfter: 1 },
  'throttled without a hint': { kind: '429', retryAfter: null },
  'server error': { kind: '503' },
  'cut connection': { kind: 'cut-body' },
  'truncated body': { kind: 'truncate' },
  'web page': { kind: 'html' },
  'error in a success': { kind: 'error-200' },
  'foreign next link': { kind: 'foreign-next-link', host: 'http://foreign.example' },
  'token rejected': { kind: 'token-rejected' },
  'delta expired': { kind: 'delta-expired' },
}
const readings = ['page', 'delta', 'byIds', 'enumerate']

/** A whole organisation with a session of the connector's own. */
export interface DynamicsTest {
  sim: RunningDynamics
  session: TestSession
  post(path: string, body: unknown): Promise<unknown>
  close(): Promise<void>
}

export async function startDynamicsTest(records = 60, deadlineMs?: number): Promise<DynamicsTest> {
  const sim = await startDynamics({ records, seed: 7 })
  const session = sessionOf(sim, deadlineMs)
  return {
    sim,
    session,
    post: (path, body) => post(sim, path, body),
    close: async () => {
      await session.door.close()
      await sim.close()
    },
  }
}

function sessionOf(sim: RunningDynamics, deadlineMs?: number): TestSession {
  const settings = { authority: sim.authority, tenant: sim.tenant, clientId: sim.clientId }
  return openSession(connectorOf('dynamics'), sim.url, { settings, secret: sim.clientSecret }, deadlineMs)
}

async function post(sim: RunningDynamics, path: string, body: unknown): Promise<unknown> {
  const reply = await fetch(`${sim.control}/${path}`, { method: 'POST', body: JSON.stringify(body) })
  if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`)
  return reply.json()
}

export async function startDynamicsWorld(): Promise<World> {
  const connector = connectorOf('dynamics')
  const { sim, session, close } = await startDynamicsTest()
  const hasty = sessionOf(sim, 1_500)
  const table = await connector.describeTable(session, 'contact')
  const columns = [...connector.defaultTables.find((one) => one.table === 'contact')!.columns, 'anniversary']
  const record = async (operation: string, more: object) => {
    const made = await post(sim, 'records', { entity: 'contact', operation, ...more })
    return (made as { id: string }).id
  }
  return {
    connector,
    session,
    hasty,
    scope: { table, columns, filter: null },
    names: { text: 'lastname', date: 'anniversary', modified: 'modifiedon' },
    truth: () => truthOf(sim),
    create: (text, more = {}) => record('create', { fields: { lastname: text, ...more } }),
    createBroken: async () => void (await record('create', { fields: { lastname: 'No Id' }, broken: 'no-id' })),
    change: async (id, fields) => void (await record('change', { id, fields })),
    remove: async (id) => void (await record('delete', { id })),
    restore: async (id) => void (await record('restore', { id })),
    strike: async (trouble, { times = 1, after = 0 } = {}) =>
      void (await post(sim, 'faults', { ...faults[trouble], times, after, on: readings })),
    calm: async () => void (await fetch(`${sim.control}/faults`, { method: 'DELETE' })),
    denyReading: async () => void (await post(sim, 'settings', { denied: { contact: ['Read'] } })),
    dropColumn: async (name) => {
      const path = `/api/data/v9.2/EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='${name}')`
      const reply = await session.call(path, { method: 'DELETE', lane: 'person', retry: 'never' })
      if (reply.status !== 204) throw new Error(reply.text)
    },
    asked: async () => {
      const { counts } = (await (await fetch(`${sim.control}/requests`)).json()) as { counts: Record<string, number> }
      return readings.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
    },
    close: async () => {
      await hasty.door.close()
      await close()
    },
  }
}

async function truthOf(sim: RunningDynamics): ReturnType<World['truth']> {
  const text = await (await fetch(`${sim.control}/dump?entity=contact`)).text()
  const truth: Awaited<ReturnType<World['truth']>> = new Map()
  for (const line of text.split('\n').filter(Boolean)) {
    const row = JSON.parse(line) as { id: string; version: number; deleted: boolean; broken?: string; fields: object }
    if (row.deleted || row.broken === 'no-id') continue
    truth.set(row.id, { version: BigInt(row.version), fields: { ...row.fields } })
  }
  return truth
}

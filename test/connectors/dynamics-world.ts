import { connectorOf } from '#connectors/registry.ts'
import { type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'
import { openSession, type TestSession } from '../support/crm-session.ts'
import type { Pushed } from '../torture/hook-relay.ts'
import { faultsOf, type HeldRow, type HubSide, pushFaults, type World } from './world.ts'

const faults = faultsOf({ 'delta expired': { kind: 'delta-expired' } })
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

export async function startDynamicsWorld({ records = 60 }: { records?: number } = {}): Promise<World> {
  const connector = connectorOf('dynamics')
  const { sim, session, close } = await startDynamicsTest(records)
  const hasty = sessionOf(sim, 1_500)
  const table = await connector.describeTable(session, 'contact')
  const columns = [...connector.defaultTables.find((one) => one.table === 'contact')!.columns, 'anniversary']
  const record = async (operation: string, more: object) => {
    const made = await post(sim, 'records', { entity: 'contact', operation, ...more })
    return (made as { id: string }).id
  }
  const fault = (spec: object) => post(sim, 'faults', spec).then(() => undefined)
  return {
    connector,
    session,
    hasty,
    scope: { table, columns, filter: null },
    names: { text: 'lastname', date: 'anniversary', note: 'description' },
    ids: { unknown: 'ffffffff-ffff-4fff-8fff-ffffffffffff', otherwise: (id) => id.toUpperCase() },
    hub: hubSideOf(sim),
    rows: () => rowsOf(sim),
    create: (text, more = {}) => record('create', { fields: { lastname: text, ...more } }),
    createMany: (count, at) => createMany(sim, count, at),
    createBroken: async () => void (await record('create', { fields: { lastname: 'No Id' }, broken: 'no-id' })),
    change: async (id, fields, at) =>
      void (await record('change', { id, fields: { ...fields, ...(at ? { modifiedon: stamp(at) } : {}) } })),
    remove: async (id) => void (await record('delete', { id })),
    restore: async (id) => void (await record('restore', { id })),
    // The service leaves the loser as an inactive row that names the winner ("Merge" action).
    merge: async (winner, loser) => {
      await record('change', { id: winner, fields: { description: 'took over another row' } })
      await record('change', {
        id: loser,
        fields: { statecode: 1, statuscode: 2, description: `merged into ${winner}` },
      })
    },
    strike: (trouble, { times = 1, after = 0 } = {}) => fault({ ...faults[trouble], times, after, on: readings }),
    commitLate: (ms) => fault({ kind: 'late-commit', on: ['write'], times: 1, ms }),
    troublePushes: (trouble, times) => fault({ ...pushFaults[trouble], times }),
    calm: async () => void (await fetch(`${sim.control}/faults`, { method: 'DELETE' })),
    denyReading: async () => void (await post(sim, 'settings', { denied: { contact: ['Read'] } })),
    dropColumn: async (name) => {
      const path = `/api/data/v9.2/EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='${name}')`
      const reply = await session.call(path, { method: 'DELETE', lane: 'person', retry: 'never' })
      if (reply.status !== 204) throw new Error(reply.text)
    },
    limitPages: async (rows) => void (await post(sim, 'settings', { maxPageSize: rows })),
    pushesPending: async () => {
      const { pending } = (await (await fetch(`${sim.control}/webhooks`)).json()) as { pending: number }
      return pending
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

const stamp = (at: Date) => `${at.toISOString().slice(0, 19)}Z`

async function createMany(sim: RunningDynamics, count: number, at: Date): Promise<void> {
  const fields = { firstname: 'One', modifiedon: stamp(at) }
  const made = Array.from({ length: count }, (_, n) => ({
    entity: 'contact',
    operation: 'create',
    fields: { ...fields, lastname: `Of Many ${n}` },
  }))
  await post(sim, 'records', made)
}

function hubSideOf(sim: RunningDynamics): HubSide {
  const { authority, tenant, clientId, clientSecret } = sim
  return {
    connection: {
      crm: 'dynamics',
      url: sim.url,
      authentication: { settings: { authority, tenant, clientId }, secret: clientSecret },
      settings: { defaultCountry: 'BE' },
    },
    hosts: [sim.url, sim.authority].map((url) => new URL(url).host),
    entity: 'contact',
    // A secret address is all that Dataverse proves itself by: the body is not signed.
    forgeries: (push) => [
      { what: 'another secret', push: { ...push, path: push.path.replace(/code=./, 'code=_') } },
      { what: 'no secret', push: { ...push, path: push.path.replace(/code=[^&]*/, '') } },
    ],
    subjectsOf: ({ body }: Pushed) => {
      const event = JSON.parse(body) as { PrimaryEntityName: string; PrimaryEntityId: string }
      return [{ entity: event.PrimaryEntityName, id: event.PrimaryEntityId.toLowerCase() }]
    },
    applied: async (id) => {
      const reply = await fetch(`${sim.control}/requests`)
      const { writes } = (await reply.json()) as {
        writes: { id: string | null; status: number; rolledBack: boolean }[]
      }
      return writes.filter((one) => one.id === id && one.status >= 200 && one.status < 300 && !one.rolledBack).length
    },
  }
}

async function rowsOf(sim: RunningDynamics): Promise<HeldRow[]> {
  const text = await (await fetch(`${sim.control}/dump?entity=contact`)).text()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { version, ...row } = JSON.parse(line) as HeldRow & { version: number }
      return { ...row, mark: String(version) }
    })
}

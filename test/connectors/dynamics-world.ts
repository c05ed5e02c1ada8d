import { connectorOf } from '#connectors/registry.ts'
import { type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'
import { openSession, type TestSession } from '../support/crm-session.ts'
import { askControl, readDump } from '../support/simulator-control.ts'
import type { Pushed } from '../torture/hook-relay.ts'
import { appliedTo, type HeldRow, type HubSide, simulated, type World } from './world.ts'

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
    post: (path, body) => askControl(sim.control, `/${path}`, body),
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

export async function startDynamicsWorld({ records = 60 }: { records?: number } = {}): Promise<World> {
  const connector = connectorOf('dynamics')
  const { sim, session, close } = await startDynamicsTest(records)
  const { control } = sim
  const hasty = sessionOf(sim, 1_500)
  const table = await connector.describeTable(session, 'contact')
  const columns = [...connector.defaultTables.find((one) => one.table === 'contact')!.columns, 'anniversary']
  const record = async (operation: string, more: object) => {
    const made = await askControl<{ id: string }>(control, '/records', { entity: 'contact', operation, ...more })
    return made.id
  }
  return {
    ...simulated(control, ['page', 'delta', 'byIds', 'enumerate'], { kind: 'delta-expired' }),
    ...{ connector, session, hasty },
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
    denyReading: async () => void (await askControl(control, '/settings', { denied: { contact: ['Read'] } })),
    dropColumn: async (name) => {
      const path = `/api/data/v9.2/EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='${name}')`
      const reply = await session.call(path, { method: 'DELETE', lane: 'person', retry: 'never' })
      if (reply.status !== 204) throw new Error(reply.text)
    },
    limitPages: async (rows) => void (await askControl(control, '/settings', { maxPageSize: rows })),
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
  await askControl(sim.control, '/records', made)
}

/** Another one for certain: a secret may begin with any letter. */
const otherCode = (_: string, first: string) => `code=${first === '_' ? 'a' : '_'}`

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
      { what: 'another secret', push: { ...push, path: push.path.replace(/code=(.)/, otherCode) } },
      { what: 'no secret', push: { ...push, path: push.path.replace(/code=[^&]*/, '') } },
    ],
    subjectsOf: ({ body }: Pushed) => {
      const event = JSON.parse(body) as { PrimaryEntityName: string; PrimaryEntityId: string }
      return [{ entity: event.PrimaryEntityName, id: event.PrimaryEntityId.toLowerCase() }]
    },
    applied: (id) => appliedTo(sim.control, id),
  }
}

async function rowsOf(sim: RunningDynamics): Promise<HeldRow[]> {
  const rows = await readDump<HeldRow & { version: number }>(sim.control, 'contact')
  return rows.map(({ version, ...row }) => ({ ...row, mark: String(version) }))
}

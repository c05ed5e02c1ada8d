import { connectorOf } from '#connectors/registry.ts'
import { type RunningSalesforce, startSalesforce } from '../../simulators/salesforce/server.ts'
import { openSession, type TestSession } from '../support/crm-session.ts'
import { askControl, readDump } from '../support/simulator-control.ts'
import type { Pushed } from '../torture/hook-relay.ts'
import { appliedTo, type HeldRow, type HubSide, simulated, type World } from './world.ts'

const secretOf = (sim: RunningSalesforce) => ({ settings: { clientId: sim.clientId }, secret: sim.clientSecret })

function sessionOf(sim: RunningSalesforce, deadlineMs?: number): TestSession {
  return openSession(connectorOf('salesforce'), sim.url, secretOf(sim), deadlineMs)
}

export async function startSalesforceWorld({ records = 60 }: { records?: number } = {}): Promise<World> {
  const connector = connectorOf('salesforce')
  const sim = await startSalesforce({ records, seed: 7, limits: { max: 1_000_000 } })
  const { control } = sim
  const [session, hasty] = [sessionOf(sim), sessionOf(sim, 1_500)]
  const table = await connector.describeTable(session, 'Contact')
  const { columns } = connector.defaultTables.find((one) => one.table === 'Contact')!
  const record = async (operation: string, more: object) => {
    const made = await askControl<{ id: string }>(control, '/records', { entity: 'Contact', operation, ...more })
    return made.id
  }
  const bySimulator = simulated(control, ['page', 'bulk', 'composite', 'byId'], { kind: 'lost-locator' })
  return {
    ...bySimulator,
    troublePushes: async (trouble, times) => {
      // It tells twice: by the Apex that is installed there, and by Change Data Capture.
      if (trouble === 'lost') await askControl(control, '/faults', { kind: 'event-drop', times })
      await bySimulator.troublePushes(trouble, times)
    },
    ...{ connector, session, hasty },
    scope: {
      table,
      columns: columns.filter((name) => table.fields.some((field) => field.name === name)),
      filter: null,
    },
    names: { text: 'LastName', date: 'Birthdate', note: 'Description' },
    // The form of 15 characters tells the same row.
    ids: { unknown: '003000000000001AAA', otherwise: (id) => id.slice(0, 15) },
    hub: hubSideOf(sim),
    rows: () => rowsOf(sim),
    create: (text, more = {}) => record('create', { fields: { LastName: text, ...more } }),
    createMany: async (count, at) => {
      const made = { entity: 'Contact', operation: 'create', at: at.getTime() }
      const all = Array.from({ length: count }, (_, n) => ({ ...made, fields: { LastName: `Of Many ${n}` } }))
      await askControl(control, '/records', all)
    },
    createBroken: async () => void (await record('create', { fields: { LastName: 'No Id' }, broken: 'no-id' })),
    change: async (id, fields, at) =>
      void (await record('change', { id, fields, ...(at ? { at: Math.floor(at.getTime() / 1000) * 1000 } : {}) })),
    remove: async (id) => void (await record('delete', { id })),
    restore: async (id) => void (await record('undelete', { id })),
    merge: async (winner, loser) => void (await record('merge', { id: winner, losers: [loser] })),
    denyReading: async () => void (await askControl(control, '/settings', { hidden: { Contact: true } })),
    dropColumn: async (name) => void (await askControl(control, '/schema', { entity: 'Contact', removeField: name })),
    limitPages: async (rows) => void (await askControl(control, '/settings', { maxPageSize: rows })),
    close: async () => {
      await Promise.all([session.door.close(), hasty.door.close()])
      await sim.close()
    },
  }
}

function hubSideOf(sim: RunningSalesforce): HubSide {
  return {
    connection: {
      crm: 'salesforce',
      url: sim.url,
      authentication: secretOf(sim),
      settings: { defaultCountry: 'BE', keyFields: true },
    },
    hosts: [new URL(sim.url).host],
    entity: 'contact',
    installsPush: true,
    forgeries: (push) => [
      { what: 'another body under the same signature', push: { ...push, body: `${push.body} ` } },
      { what: 'no signature', push: { ...push, headers: without(push.headers, /signature|secret|authorization/i) } },
    ],
    subjectsOf: ({ body }: Pushed) => {
      // Whatever dresses them: ids of contacts begin with 003, of accounts with 001.
      const ids = new Set([...body.matchAll(/"(00[13]\w{15})"/g)].map(([, id]) => id!))
      return [...ids].map((id) => ({ entity: id.startsWith('003') ? 'contact' : 'account', id }))
    },
    applied: (id) => appliedTo(sim.control, id),
  }
}

const without = (headers: Record<string, string>, names: RegExp) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)))

async function rowsOf(sim: RunningSalesforce): Promise<HeldRow[]> {
  const rows = await readDump<HeldRow & { version: number }>(sim.control, 'Contact')
  return rows.map(({ version: _version, ...row }) => ({
    ...row,
    mark: String(Date.parse(String(row.fields.SystemModstamp))),
  }))
}

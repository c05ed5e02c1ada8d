import { connectorOf } from '#connectors/registry.ts'
import { type RunningSalesforce, startSalesforce } from '../../simulators/salesforce/server.ts'
import { openSession, type TestSession } from '../support/crm-session.ts'
import type { Pushed } from '../torture/hook-relay.ts'
import { faultsOf, type HeldRow, type HubSide, pushFaults, type World } from './world.ts'

const faults = faultsOf({ 'delta expired': { kind: 'lost-locator' } })
const readings = ['page', 'bulk', 'composite', 'byId']

const secretOf = (sim: RunningSalesforce) => ({ settings: { clientId: sim.clientId }, secret: sim.clientSecret })

function sessionOf(sim: RunningSalesforce, deadlineMs?: number): TestSession {
  return openSession(connectorOf('salesforce'), sim.url, secretOf(sim), deadlineMs)
}

async function ask(sim: RunningSalesforce, path: string, body?: unknown, method = 'POST'): Promise<unknown> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) }
  const reply = await fetch(`${sim.control}/${path}`, { method, ...init })
  if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`)
  return reply.json()
}

export async function startSalesforceWorld({ records = 60 }: { records?: number } = {}): Promise<World> {
  const connector = connectorOf('salesforce')
  const sim = await startSalesforce({ records, seed: 7, limits: { max: 1_000_000 } })
  const [session, hasty] = [sessionOf(sim), sessionOf(sim, 1_500)]
  const table = await connector.describeTable(session, 'Contact')
  const { columns } = connector.defaultTables.find((one) => one.table === 'Contact')!
  const record = async (operation: string, more: object) => {
    const made = await ask(sim, 'records', { entity: 'Contact', operation, ...more })
    return (made as { id: string }).id
  }
  const fault = (spec: object) => ask(sim, 'faults', spec).then(() => undefined)
  return {
    connector,
    session,
    hasty,
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
      await ask(
        sim,
        'records',
        Array.from({ length: count }, (_, n) => ({ ...made, fields: { LastName: `Of Many ${n}` } })),
      )
    },
    createBroken: async () => void (await record('create', { fields: { LastName: 'No Id' }, broken: 'no-id' })),
    change: async (id, fields, at) =>
      void (await record('change', { id, fields, ...(at ? { at: Math.floor(at.getTime() / 1000) * 1000 } : {}) })),
    remove: async (id) => void (await record('delete', { id })),
    restore: async (id) => void (await record('undelete', { id })),
    merge: async (winner, loser) => void (await record('merge', { id: winner, losers: [loser] })),
    strike: (trouble, { times = 1, after = 0 } = {}) => fault({ ...faults[trouble], times, after, on: readings }),
    commitLate: (ms) => fault({ kind: 'late-commit', times: 1, ms }),
    troublePushes: (trouble, times) => fault({ ...pushFaults[trouble], times }),
    calm: async () => void (await ask(sim, 'faults', undefined, 'DELETE')),
    denyReading: async () => void (await ask(sim, 'settings', { hidden: { Contact: true } })),
    dropColumn: async (name) => void (await ask(sim, 'schema', { entity: 'Contact', removeField: name })),
    // Each page is a question of its own, with the number of rows in it.
    limitPages: async () => undefined,
    pushesPending: async () => ((await ask(sim, 'webhooks', undefined, 'GET')) as { pending: number }).pending,
    asked: async () => {
      const { counts } = (await ask(sim, 'requests', undefined, 'GET')) as { counts: Record<string, number> }
      return readings.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
    },
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
    applied: async (id) => {
      const { writes } = (await ask(sim, 'requests', undefined, 'GET')) as {
        writes: { id: string | null; status: number; rolledBack: boolean }[]
      }
      return writes.filter((one) => one.id === id && one.status >= 200 && one.status < 300 && !one.rolledBack).length
    },
  }
}

const without = (headers: Record<string, string>, names: RegExp) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)))

async function rowsOf(sim: RunningSalesforce): Promise<HeldRow[]> {
  const text = await (await fetch(`${sim.control}/dump?entity=Contact`)).text()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { version: _version, ...row } = JSON.parse(line) as HeldRow & { version: number }
      return { ...row, mark: String(Date.parse(String(row.fields.SystemModstamp))) }
    })
}

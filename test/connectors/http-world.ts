import { connectorOf } from '#connectors/registry.ts'
import { definitionOf } from '../../simulators/http/definition.ts'
import { type RunningHttp, startHttp } from '../../simulators/http/server.ts'
import { openSession, type TestSession } from '../support/crm-session.ts'
import { askControl, readDump } from '../support/simulator-control.ts'
import type { Pushed } from '../torture/hook-relay.ts'
import { type HeldRow, type HubSide, simulated, type World } from './world.ts'

/** What an administrator would write: links to follow, a token that can be renewed, and a column of dates. */
function definition(sim: RunningHttp): Record<string, unknown> {
  const made = definitionOf(new URL(sim.url).origin, 'next', 'client_credentials') as {
    tables: Record<string, unknown>[]
  }
  const field = (path: string, type: string) => ({ path, type })
  const fields = [
    ...['first_name', 'last_name', 'job_title', 'email', 'note'].map((path) => field(path, 'text')),
    ...[field('phones[0].number', 'text'), field('birth_date', 'date'), field('updated_at', 'datetime')],
  ]
  const tables = made.tables.map((table) => (table.entity === 'contact' ? { ...table, fields } : table))
  return { ...made, tables, organisation: 'conformance' }
}

const secretOf = (sim: RunningHttp) => ({ settings: { user: sim.user, clientId: sim.clientId }, secret: sim.secret })

function sessionOf(sim: RunningHttp, deadlineMs?: number): TestSession {
  const connector = connectorOf('generic-http')
  const own = connector.readSettings!(sim.url, { definition: definition(sim) })
  const { settings, secret } = secretOf(sim)
  const authentication = { settings: { ...settings, ...own.authentication }, secret }
  const session = openSession(connector, connector.normaliseUrl(sim.url), authentication, deadlineMs)
  return Object.assign(session, { settings: own.settings })
}

export async function startHttpWorld({ records = 60 }: { records?: number } = {}): Promise<World> {
  const connector = connectorOf('generic-http')
  const sim = await startHttp({ records, seed: 7 })
  const [session, hasty] = [sessionOf(sim), sessionOf(sim, 1_500)]
  const table = await connector.describeTable(session, 'contact')
  const { control } = sim
  const broken = new Set<string>()
  const record = async (operation: string, more: object) => {
    const made = await askControl<{ id: string }>(control, '/records', { entity: 'contact', operation, ...more })
    return made.id
  }
  return {
    ...simulated(control, ['page', 'byIds'], { kind: '410' }),
    ...{ connector, session, hasty },
    scope: { table, columns: table.fields.map(({ name }) => name), filter: null },
    names: { text: 'last_name', date: 'birth_date', note: 'note' },
    ids: { unknown: 'nobody', otherwise: (id) => id },
    hub: hubSideOf(sim),
    rows: () => rowsOf(sim, broken),
    create: (text, more = {}) => record('create', { fields: { last_name: text, ...more } }),
    createMany: async (count, at) => {
      const made = { entity: 'contact', operation: 'create', at: at.toISOString() }
      const all = Array.from({ length: count }, (_, n) => ({ ...made, fields: { last_name: `Of Many ${n}` } }))
      await askControl(control, '/records', { records: all })
    },
    createBroken: async () => void broken.add(await record('create', { fields: { last_name: 'No Id', id: null } })),
    change: async (id, fields, at) =>
      void (await record('change', { id, fields, ...(at ? { at: at.toISOString() } : {}) })),
    remove: async (id) => void (await record('delete', { id })),
    restore: async (id) => void (await record('restore', { id })),
    // What most of them do: one takes the other's values, the other goes.
    merge: async (winner, loser) => {
      await record('change', { id: winner, fields: { note: `took over ${loser}` } })
      await record('delete', { id: loser })
    },
    denyReading: async () => void (await askControl(control, '/faults', { kind: '403', times: 0, match: 'contact' })),
    dropColumn: async (name) => {
      for (const { id } of await rowsOf(sim, broken))
        await record('change', { id, fields: { [name]: undefined } }).catch(() => undefined)
    },
    limitPages: async (rows) => limitPages(session, table, rows),
    close: async () => {
      await Promise.all([session.door.close(), hasty.door.close()])
      await sim.close()
    },
  }
}

/** How long a page is, the definition says. */
function limitPages({ settings }: TestSession, table: { request?: unknown }, rows: number): void {
  const { tables } = settings.definition as { tables: { paging: { size?: number } }[] }
  const requests = [...tables, table.request as { paging: { size?: number } } | undefined]
  for (const request of requests) if (request) request.paging.size = Math.min(rows, 5_000)
}

function hubSideOf(sim: RunningHttp): HubSide {
  return {
    connection: {
      crm: 'generic-http',
      name: 'Conformance',
      url: sim.url,
      authentication: secretOf(sim),
      settings: { defaultCountry: 'BE', definition: definition(sim) },
    },
    hosts: [new URL(sim.url).host],
    entity: 'contact',
    openPush: async ({ url, secret }) => {
      await askControl(sim.control, '/webhooks', { hooks: [{ url, secret, addresses: 'one', proof: 'signature' }] })
    },
    forgeries: (push) => [
      { what: 'another body under the same signature', push: { ...push, body: `${push.body} ` } },
      { what: 'no signature', push: { ...push, headers: without(push.headers, 'x-jackfield-signature') } },
      {
        what: 'another time',
        push: { ...push, headers: { ...push.headers, 'x-jackfield-timestamp': String(Date.now() + 1) } },
      },
    ],
    subjectsOf: ({ body }: Pushed) => {
      const { entity, id } = JSON.parse(body) as { entity: string; id: string }
      return [{ entity, id }]
    },
    applied: async () => 0,
  }
}

const without = (headers: Record<string, string>, gone: string) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== gone))

async function rowsOf(sim: RunningHttp, broken: ReadonlySet<string>): Promise<HeldRow[]> {
  const rows = await readDump<HeldRow & { version: number }>(sim.control, 'contact')
  return rows.map(({ version, ...row }) => {
    const why = broken.has(row.id) ? { broken: 'no-id' } : {}
    return { ...row, ...why, mark: String(version), fields: flat(row.fields) }
  })
}

/** As the hub tells it: each column under its path. */
const flat = (fields: Record<string, unknown>) => ({
  ...fields,
  'phones[0].number': (fields.phones as { number: unknown }[] | undefined)?.[0]?.number ?? null,
})

import { startDynamics } from '../../simulators/dynamics/server.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import type { DumpedRow } from '../support/hub.ts'
import {
  connectByCli,
  type HubProcess,
  makeKey,
  type ProcessOptions,
  serve,
  temporaryFolder,
  until,
} from '../support/processes.ts'
import { askControl, readDump } from '../support/simulator-control.ts'

export type Crm = Awaited<ReturnType<typeof startDynamics>>

export interface World {
  crm: Crm
  /** For further processes on the same database. */
  options: ProcessOptions
  /** With every scope. */
  key: string
  /** Asks the simulator's control. */
  control(path: string, body?: unknown, method?: string): Promise<unknown>
}

export interface ConnectedHub extends World {
  hub: HubProcess
  connection: string
  organisation: string
}

export interface WorldOptions {
  records?: number
  broken?: number
  /** On the Postgres of the data folder instead of a test database. */
  embedded?: boolean
  dataFolder?: string
  environment?: Record<string, string>
}

/** A simulated organisation, and all that hubs need to reach it. */
export async function openWorld(t: TestScope, options: WorldOptions = {}): Promise<Omit<World, 'key'>> {
  const { records = 30, broken = 0, environment = {} } = options
  const crm = await startDynamics({ port: 0, records, broken, seed: 7, protection: false })
  t.after(() => crm.close())
  const dataFolder = options.dataFolder ?? (await temporaryFolder(t))
  const database = options.embedded ? {} : { databaseUrl: (await testDatabase(t)).url }
  const allowed = new URL(crm.url).host
  return {
    crm,
    options: { dataFolder, ...database, environment: { JACKFIELD_ALLOW_HOSTS: allowed, ...environment } },
    control: (path, body, method) => askControl(crm.control, path, body, method),
  }
}

/** A hub that serves and works, connected by the command line. */
export async function connectedHub(t: TestScope, options: WorldOptions = {}): Promise<ConnectedHub> {
  const world = await openWorld(t, options)
  const hub = await serve(t, world.options)
  const [key, connected] = await Promise.all([
    makeKey(world.options, 'all'),
    connectByCli(world.options, world.crm, { name: 'Contoso' }),
  ])
  if (connected.code !== 0) throw new Error(`Not connected: ${connected.stdout}${connected.stderr}`)
  const { connection, organisation } = connected.json
  return { ...world, hub: withKey(hub, key), key, connection, organisation }
}

/** The hub, asked with this key unless another is named. */
export function withKey(hub: HubProcess, key: string): HubProcess {
  return { ...hub, ask: (path, init = {}) => hub.ask(path, { key, ...init }) }
}

/** Waits until every table that is copied was copied and compared once. */
export async function copied({ hub }: Pick<ConnectedHub, 'hub'>): Promise<void> {
  await until('every table is copied', async () => {
    const { json } = await hub.ask('/api/v1/status')
    const tables: { enabled: boolean; completeness: unknown }[] = json?.connections?.[0]?.tables ?? []
    return tables.length > 0 && tables.every((table) => !table.enabled || table.completeness)
  })
}

/** The secret that the hub registered at the organisation, as the organisation itself holds it. */
export function pushSecret({ crm }: Pick<World, 'crm'>): Promise<string> {
  return until('the push is registered', () => {
    const endpoints = [...(crm.simulator.org.tables.get('serviceendpoint')?.entries.values() ?? [])]
    return /"authvalue":"([^"]+)"/.exec(JSON.stringify(endpoints.map((entry) => entry.fields)))?.[1]
  })
}

/** What the hub's API and the organisation itself hold, set side by side by id and version; empty when they agree. */
export async function differences(world: Pick<ConnectedHub, 'hub' | 'crm'>, entity: string): Promise<string[]> {
  const dumped = await readDump<DumpedRow>(world.crm.control, entity)
  const rows = new Map(dumped.map((row) => [row.id, row]))
  const told: string[] = []
  const held = new Set<string>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: string = `/api/v1/records?entity=${entity}&limit=1000&cursor=${cursor}`
    const { json } = await world.hub.ask(page)
    for (const { source, mark, deletedAt } of json.records) {
      const row = rows.get(source.id)
      const lives = row !== undefined && !row.deleted
      if (held.has(source.id)) told.push(`doubled ${source.id}`)
      held.add(source.id)
      if (deletedAt === null && !lives) told.push(`revived ${source.id}`)
      else if (deletedAt !== null && lives) told.push(`lost ${source.id}`)
      else if (lives && mark !== String(row.version)) told.push(`stale ${source.id}`)
    }
    cursor = json.next
  }
  for (const row of rows.values()) if (!row.deleted && !row.broken && !held.has(row.id)) told.push(`missing ${row.id}`)
  return told
}

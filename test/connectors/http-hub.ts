import { randomBytes, randomUUID } from 'node:crypto'
import type { Connection } from '#connections/connection.ts'
import { type Connections, createConnections } from '#connections/connections.ts'
import { connectorOf } from '#connectors/registry.ts'
import { systemClock } from '#core/clock.ts'
import { createDoor } from '#core/http.ts'
import { silentLog } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { createKeyring, toMasterKey } from '#secrets/keyring.ts'
import type { SyncContext } from '#sync/context.ts'
import { createSyncWorker } from '#sync/worker.ts'
import { definitionOf } from '../../simulators/http/definition.ts'
import type { Kind } from '../../simulators/http/list.ts'
import { type RunningHttp, startHttp } from '../../simulators/http/server.ts'
import { quickly } from '../support/crm-session.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { until } from '../support/hub.ts'
import { askControl, readDump } from '../support/simulator-control.ts'

/** A hub without its doors, and a plain HTTP API beside it. */
export interface HttpHub {
  pool: Pool
  api: RunningHttp
  connections: Connections
  /** Connects under an organisation of its own, so that many definitions of the one API stand side by side. */
  connect(organisation: string, shape?: Shape): Promise<Connection>
  tables(connection: Connection): Promise<SyncedTable[]>
  control<T = unknown>(path: string, body?: unknown, method?: string): Promise<T>
  /** Waits until nothing of a connection is due. */
  settled(connection: Connection): Promise<void>
  /** Has every table of a connection read anew, and waits for it. */
  passed(connection: Connection): Promise<void>
  /** What differs between the API and the hub's live records, by id and content. */
  differences(connection: Connection): Promise<string[]>
}

export interface Shape {
  paging?: Kind
  authentication?: string
  /** Changes each table's definition. */
  table?: (table: Record<string, unknown>) => Record<string, unknown>
  /** Changes the whole. */
  definition?: Record<string, unknown>
  secret?: string
}

export async function httpHub(t: TestScope, records = 60): Promise<HttpHub> {
  const { pool } = await testDatabase(t, { max: 12 })
  const api = await startHttp({ records, seed: 3 })
  t.after(() => api.close())
  const door = createDoor({ allowHosts: new Set([new URL(api.url).host]), random: quickly })
  t.after(() => door.close())
  const worker = { id: randomUUID(), label: 'test' }
  const keyring = createKeyring([toMasterKey(randomBytes(32))])
  const parts = { pool, door, keyring, connectorOf, clock: systemClock, log: silentLog, worker }
  const connections = createConnections(parts)
  const { session, refreshMetadata, noteFault } = connections
  const context: SyncContext = { ...parts, session, refreshMetadata, noteFault, pageSize: 25 }
  const sync = createSyncWorker(context)
  t.after(() => sync.stop())
  sync.start()
  const hub: HttpHub = {
    pool,
    api,
    connections,
    connect: (organisation, shape = {}) => connections.connect(inputFor(api, organisation, shape)),
    tables: async ({ id }) => await listTables(pool, id),
    control: (path, body, method) => askControl(api.control, `/${path}`, body, method),
    settled: (connection) => settled(hub, connection),
    passed: async (connection) => {
      await pool.query('update jackfield.synced_table set next_pass_at = now() where connection_id = $1', [
        connection.id,
      ])
      sync.wake()
      await settled(hub, connection)
    },
    differences: (connection) => differences(hub, connection),
  }
  return hub
}

export function inputFor(api: RunningHttp, organisation: string, shape: Shape) {
  const origin = new URL(api.url).origin
  const { paging = 'cursor', authentication = 'bearer', table = (one) => one, secret = api.secret } = shape
  const made = definitionOf(origin, paging, authentication)
  const tables = (made.tables as Record<string, unknown>[]).map(table)
  const definition: Record<string, unknown> = { ...made, organisation, tables, ...shape.definition }
  return {
    crm: 'generic-http',
    name: organisation,
    url: api.url,
    authentication: { settings: { user: api.user, clientId: api.clientId }, secret },
    settings: { defaultCountry: 'BE', definition },
  }
}

async function settled({ pool }: HttpHub, { id }: Connection): Promise<void> {
  await until(async () => {
    const { rows } = await pool.query<{ open: boolean }>(
      `select exists (select from jackfield.synced_table t where t.connection_id = $1 and t.enabled and
          (t.first_pass_at is null or t.next_pass_at <= now()))
        or exists (select from jackfield.sync_run r join jackfield.synced_table t on t.id = r.table_id
          where t.connection_id = $1 and r.state in ('waiting', 'running'))
        or exists (select from jackfield.hint h where h.connection_id = $1) as open`,
      [id],
    )
    return !rows[0]!.open
  })
}

interface Dumped {
  entity: string
  id: string
  version: number
  deleted: boolean
  fields: Record<string, unknown>
}

async function differences({ pool, api }: HttpHub, { id }: Connection): Promise<string[]> {
  const dumped = await readDump<Dumped>(api.control)
  const there = new Map(dumped.filter((row) => !row.deleted).map((row) => [`${row.entity} ${row.id}`, row]))
  const { rows } = await pool.query<{ entity: string; id: string; source: { email: string | null } }>(
    `select t.entity, r.source_id as id, r.source::json as source from jackfield.record r
      join jackfield.synced_table t on t.id = r.table_id where t.connection_id = $1 and r.deleted_at is null`,
    [id],
  )
  const told: string[] = []
  for (const row of rows) {
    const match = there.get(`${row.entity} ${row.id}`)
    there.delete(`${row.entity} ${row.id}`)
    if (!match) told.push(`${row.entity} ${row.id} is gone from the API`)
    else if ((match.fields.email ?? null) !== row.source.email) told.push(`${row.entity} ${row.id} is stale`)
  }
  return [...told, ...[...there.keys()].map((key) => `${key} is missing`)]
}

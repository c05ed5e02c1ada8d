import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { ConnectInput } from '#connections/connect.ts'
import type { Connection } from '#connections/connection.ts'
import { type Connections, createConnections } from '#connections/connections.ts'
import { connectorOf } from '#connectors/registry.ts'
import { type Clock, systemClock } from '#core/clock.ts'
import { createDoor } from '#core/http.ts'
import { silentLog } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import { type FedChange, readFeed } from '#records/feed.ts'
import { type Finder, listRecords } from '#records/find.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { createTableCache } from '#records/table-cache.ts'
import { createKeyring, toMasterKey } from '#secrets/keyring.ts'
import type { SyncContext } from '#sync/context.ts'
import { createSyncWorker, type SyncWorker } from '#sync/worker.ts'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { quickly } from './crm-session.ts'
import { type TestScope, testDatabase } from './database.ts'
import { askControl, readDump } from './simulator-control.ts'

type Dynamics = Awaited<ReturnType<typeof startDynamics>>

interface Simulator {
  url: string
  control: string
}

/** A hub without its doors: real Postgres, a simulated organisation, and as many sync workers as a test asks for. */
export interface TestHub<Of extends Simulator = Dynamics> {
  pool: Pool
  simulator: Of
  connections: Connections
  context: SyncContext
  finder: Finder
  connect(change?: Partial<ConnectInput>): Promise<Connection>
  worker(): SyncWorker
  /** Has the workers look for what is due now. */
  wake(): void
  table(entity: string): Promise<SyncedTable>
  /** Asks the simulator's control. */
  control<T = unknown>(path: string, body?: unknown, method?: string): Promise<T>
  dump(entity: string): Promise<DumpedRow[]>
}

export interface DumpedRow {
  entity: string
  id: string
  version: number
  deleted: boolean
  /** Why it breaks the model, where it was made to. */
  broken?: string
  fields: Record<string, unknown>
}

export async function testHub(
  t: TestScope,
  options: { records: number; seed?: number; pageSize?: number; clock?: Clock },
): Promise<TestHub> {
  const simulator = await startDynamics({ port: 0, records: options.records, seed: options.seed ?? 1 })
  t.after(() => simulator.close())
  const input: ConnectInput = {
    crm: 'dynamics',
    url: simulator.url,
    authentication: {
      settings: { authority: simulator.authority, tenant: simulator.tenant, clientId: simulator.clientId },
      secret: simulator.clientSecret,
    },
    settings: { defaultCountry: 'BE' },
  }
  return hubTo(t, simulator, { ...options, input, hosts: [simulator.url, simulator.authority] })
}

/** The same for a simulator of any CRM. */
export async function hubTo<Of extends Simulator>(
  t: TestScope,
  simulator: Of,
  options: { input: ConnectInput; hosts: string[]; pageSize?: number; clock?: Clock },
): Promise<TestHub<Of>> {
  const { clock = systemClock } = options
  const { pool } = await testDatabase(t, { max: 16 })
  const door = createDoor({ allowHosts: new Set(options.hosts.map((url) => new URL(url).host)), random: quickly })
  t.after(() => door.close())
  const worker = { id: randomUUID(), label: 'test' }
  const workers: SyncWorker[] = []
  const keyring = createKeyring([toMasterKey(randomBytes(32))])
  const connections = createConnections({
    pool,
    door,
    keyring,
    connectorOf,
    clock,
    log: silentLog,
    worker,
  })
  const context: SyncContext = {
    pool,
    session: connections.session,
    connectorOf,
    refreshMetadata: connections.refreshMetadata,
    noteFault: connections.noteFault,
    clock,
    log: silentLog,
    worker,
    ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
  }
  const tables = createTableCache(pool)
  return {
    pool,
    simulator,
    connections,
    context,
    finder: { tables, recordUrl: (table, id) => connectorOf(table.crm).recordUrl(table.url, table.source, id) },
    connect: (change) => connections.connect({ ...options.input, ...change }),
    worker: () => {
      const sync = createSyncWorker({ ...context, worker: { id: randomUUID(), label: 'test' } })
      t.after(() => sync.stop())
      sync.start()
      workers.push(sync)
      return sync
    },
    wake: () => {
      for (const each of workers) each.wake()
    },
    table: async (entity) => (await listTables(pool)).find((table) => table.entity === entity)!,
    control: (path, body, method) => askControl(simulator.control, path, body, method),
    dump: (entity) => readDump(simulator.control, entity),
  }
}

/** Waits for a condition, without a limit of its own: the runner's limit ends a test that never gets there. */
export async function until<T>(what: () => Promise<T | false | null | undefined>): Promise<T> {
  for (;;) {
    const found = await what()
    if (found) return found
    await wait(50)
  }
}

/** Waits as `until` does, and ends each pause before a run is tried again, as time would. */
export function untilWithoutPauses<T>(
  hub: Pick<TestHub, 'pool' | 'wake'>,
  what: () => Promise<T | false | null | undefined>,
): Promise<T> {
  return until(async () => {
    const found = await what()
    if (found) return found
    const { rowCount } = await hub.pool.query(
      `update jackfield.sync_run set not_before = now() where state = 'waiting' and not_before > now()`,
    )
    if (rowCount) hub.wake()
    return null
  })
}

/** Waits until every enabled table was copied and audited once. */
export async function copied(hub: Pick<TestHub, 'pool' | 'wake'>): Promise<void> {
  hub.wake()
  await until(async () => {
    const { rows } = await hub.pool.query<{ open: boolean }>(
      `select exists (select from jackfield.synced_table where enabled and completeness is null)
        or exists (select from jackfield.sync_run where state in ('waiting', 'running')) as open`,
    )
    return !rows[0]!.open
  })
}

/** Has every table read for changes now, and waits until it was. */
export async function passed(hub: Pick<TestHub, 'pool' | 'wake'>): Promise<void> {
  const { rows } = await hub.pool.query<{ now: Date }>(
    'with woken as (update jackfield.synced_table set next_pass_at = now() where enabled) select clock_timestamp() as now',
  )
  hub.wake()
  await until(async () => {
    const { rows: late } = await hub.pool.query<{ open: boolean }>(
      `select exists (select from jackfield.synced_table where enabled and (last_pass_at < $1 or next_pass_at <= $1))
        or exists (select from jackfield.sync_run where state in ('waiting', 'running'))
        or exists (select from jackfield.hint) as open`,
      [rows[0]!.now],
    )
    return !late[0]!.open
  })
}

/** What the hub and the simulated CRM hold, set side by side by id and version; empty when they agree. */
export async function differences(hub: Pick<TestHub, 'pool' | 'finder' | 'dump'>, entity: string): Promise<string[]> {
  const dump = new Map((await hub.dump(entity)).map((row) => [row.id, row]))
  const { records } = await listRecords(hub.pool, hub.finder, { entity, limit: 100_000 })
  const told: string[] = []
  for (const record of records) {
    const row = dump.get(record.source.id)
    if (record.deletedAt === null && (!row || row.deleted)) told.push(`revived ${record.source.id}`)
    if (record.deletedAt !== null && row && !row.deleted) told.push(`lost ${record.source.id}`)
    if (record.deletedAt === null && row && !row.deleted && record.mark !== String(row.version))
      told.push(`stale ${record.source.id}`)
  }
  const held = new Set(records.map((record) => record.source.id))
  for (const row of dump.values()) if (!row.deleted && !held.has(row.id)) told.push(`missing ${row.id}`)
  return told
}

/** Everything fed of an entity so far; waits for transactions of other databases in the cluster, below which a feed is read. */
export async function feedOf(hub: Pick<TestHub, 'pool' | 'finder'>, entity: string): Promise<FedChange[]> {
  const { rows } = await hub.pool.query<{ count: bigint }>('select count(*) from jackfield.change')
  const feed = await until(async () => {
    const seen = await readFeed(hub.pool, hub.finder.tables, { limit: 10_000 })
    return BigInt(seen.length) >= rows[0]!.count ? seen : null
  })
  return feed.filter((change) => change.entity === entity)
}

import { randomBytes, randomUUID } from 'node:crypto'
import type { Connection } from '#connections/connection.ts'
import { type Connections, createConnections } from '#connections/connections.ts'
import { connectorOf } from '#connectors/registry.ts'
import { systemClock } from '#core/clock.ts'
import { createDoor } from '#core/http.ts'
import { recordId } from '#core/ids.ts'
import { silentLog } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import type { Destination, OnDelete } from '#destination/destination.ts'
import type { ManageParts } from '#destination/manage.ts'
import { progressOf } from '#destination/rows.ts'
import { askFigure, findDestination, insertDestination, moveDestination } from '#destination/store.ts'
import { createDestinationWorker, type DestinationWorker } from '#destination/worker.ts'
import { createKeyring, toMasterKey } from '#secrets/keyring.ts'
import { createSyncWorker } from '#sync/worker.ts'
import { type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'
import { quickly } from '../support/crm-session.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { type DumpedRow, until } from '../support/hub.ts'
import { askControl, readDump } from '../support/simulator-control.ts'

type Simulator = RunningDynamics

/** A hub between two organisations: one whose records are the hub's, one that is to hold them too. */
export interface TwoOrganisations {
  pool: Pool
  url: string
  connections: Connections
  from: Simulator
  to: Simulator
  source: Connection
  target: Connection
  worker(): DestinationWorker
  /** Has the records of both organisations read that are due. */
  wake(): void
  name(onDelete?: OnDelete): Promise<Destination>
  destination(): Promise<Destination>
  masterKey: Buffer
  /** The destination that the test made itself. */
  use(destinationId: string): void
  /** How many records of the destination's own the hub holds. */
  ownRecords(entity: string): Promise<number>
  /** The hub's id of a record of the source: its row's id in the destination. */
  idOf(entity: string, sourceId: string): string
}

/** With `another` a third one is connected, of which nothing is copied. */
export async function twoOrganisations(
  t: TestScope,
  options: { records?: number; before?: (to: Simulator) => Promise<void>; another?: boolean } = {},
): Promise<TwoOrganisations> {
  const { pool, url } = await testDatabase(t, { max: 20 })
  const from = await startDynamics({ records: options.records ?? 60, seed: 1 })
  const to = await startDynamics({ records: 6, seed: 2 })
  t.after(async () => {
    await from.close()
    await to.close()
  })
  await options.before?.(to)
  const another = options.another ? await startDynamics({ records: 6, seed: 3 }) : null
  if (another) t.after(() => another.close())
  const connections = connectionsTo(t, pool, another ? [from, to, another] : [from, to])
  const source = await connect(connections, from)
  const target = await connect(connections, to)
  if (another) await switchOff(pool, await connect(connections, another))
  const sync = createSyncWorker({
    pool,
    session: connections.session,
    connectorOf,
    refreshMetadata: connections.refreshMetadata,
    noteFault: connections.noteFault,
    clock: systemClock,
    log: silentLog,
    worker: { id: randomUUID(), label: 'sync' },
  })
  t.after(() => sync.stop())
  sync.start()
  await copiedOnce(pool)
  let id = ''
  return {
    ...{ pool, url, connections, from, to, source, target },
    worker: () => startWorker(t, pool, connections),
    wake: () => sync.wake(),
    async name(onDelete = 'deactivate') {
      const made = await insertDestination(pool, {
        connectionId: target.id,
        onDelete,
        entities: ['account', 'contact'],
      })
      id = made!.id
      return await moveDestination(pool, id, 'active')
    },
    masterKey,
    use(destinationId) {
      id = destinationId
    },
    async ownRecords(entity) {
      const { rows } = await pool.query<{ n: number }>(
        `select count(*)::int as n from jackfield.record r join jackfield.synced_table t on t.id = r.table_id
          where t.connection_id = $1 and t.entity = $2 and r.deleted_at is null and r.out_of_scope_at is null`,
        [target.id, entity],
      )
      return rows[0]!.n
    },
    destination: () => findDestination(pool, id),
    idOf: (entity, sourceId) => recordId({ crm: 'dynamics', organisation: source.organisation, entity, sourceId }),
  }
}

/** What the doors give to those who manage destinations. */
export function manageParts({ pool, connections }: TwoOrganisations): ManageParts {
  return {
    ...{ pool, connectorOf },
    session: connections.session,
    findConnection: connections.find,
    listConnections: connections.list,
    refreshMetadata: connections.refreshMetadata,
  }
}

type Scope = Pick<TestScope, 'after'> | { after(hook: () => Promise<void>): unknown }

export function connectionsTo(
  t: Scope,
  pool: Pool,
  simulators: readonly Pick<Simulator, 'url' | 'authority'>[],
  key: Buffer = masterKey,
): Connections {
  const hosts = new Set(simulators.flatMap(({ url, authority }) => [new URL(url).host, new URL(authority).host]))
  const door = createDoor({ allowHosts: hosts, random: quickly })
  t.after(() => door.close())
  const keyring = createKeyring([toMasterKey(key)])
  return createConnections({
    pool,
    door,
    keyring,
    connectorOf,
    clock: systemClock,
    log: silentLog,
    worker: { id: randomUUID(), label: 'test' },
  })
}

const masterKey = randomBytes(32)

const connect = (connections: Connections, { url, authority, tenant, clientId, clientSecret }: Simulator) =>
  connections.connect({
    crm: 'dynamics',
    url,
    authentication: { settings: { authority, tenant, clientId }, secret: clientSecret },
    settings: { defaultCountry: 'BE' },
  })

const switchOff = (pool: Pool, { id }: Connection) =>
  pool.query('update jackfield.synced_table set enabled = false where connection_id = $1', [id])

/** Short waits, so that tests need not; the order of things does not hang on them. */
const quick = { pollMs: 50, againMs: 200, figureAgainMs: 500, commitMs: 4_000 }

export function startWorker(t: Scope, pool: Pool, connections: Connections): DestinationWorker {
  const { session, refreshMetadata, noteFault } = connections
  const worker = createDestinationWorker({
    ...{ pool, session, refreshMetadata, noteFault, connectorOf },
    ...{ clock: systemClock, log: silentLog, timing: quick },
    worker: { id: randomUUID(), label: 'destination' },
  })
  t.after(() => worker.stop())
  worker.start()
  return worker
}

async function copiedOnce(pool: Pool): Promise<void> {
  await until(async () => {
    const { rows } = await pool.query<{ open: boolean }>(
      `select exists (select from jackfield.synced_table where enabled and first_pass_at is null) as open`,
    )
    return !rows[0]!.open
  })
}

/** Has every table read now, and waits until it was and nothing is under way. */
export async function synced({ pool, wake }: TwoOrganisations): Promise<void> {
  const { rows } = await pool.query<{ now: Date }>(
    'with woken as (update jackfield.synced_table set next_pass_at = now() where enabled) select clock_timestamp() as now',
  )
  wake()
  await until(async () => {
    const { rows: late } = await pool.query<{ open: boolean }>(
      `select exists (select from jackfield.synced_table where enabled and (last_pass_at < $1 or next_pass_at <= $1))
        or exists (select from jackfield.sync_run where state in ('waiting', 'running'))
        or exists (select from jackfield.hint) as open`,
      [rows[0]!.now],
    )
    return !late[0]!.open
  })
}

/** Waits until all was compared once more with nothing left to write, and answers that figure. */
export async function compared(hub: TwoOrganisations, repair = false) {
  const { id } = await hub.destination()
  await askFigure(hub.pool, id, repair)
  return await until(async () => {
    const { figureAskedAt, figure } = await hub.destination()
    return figureAskedAt === null && figure
  })
}

/** Waits until everything that is to be written is. */
export async function written(hub: TwoOrganisations): Promise<void> {
  const { id } = await hub.destination()
  await until(async () => {
    const { cursor } = await hub.destination()
    const { rows } = await hub.pool.query<{ behind: boolean }>(
      `select exists (select from jackfield.change c where (c.xid, c.id) > (split_part($1, '.', 1)::xid8, split_part($1, '.', 2)::bigint))
        or not exists (select from jackfield.destination_source)
        or exists (select from jackfield.destination_source where filled_at is null) as behind`,
      [cursor],
    )
    const { due } = await progressOf(hub.pool, id)
    return cursor !== null && !rows[0]!.behind && due === 0
  })
}

export const control = <T = unknown>(simulator: Simulator, path: string, body?: unknown, method?: string): Promise<T> =>
  askControl(simulator.control, path, body, method)

export async function rowsOf(simulator: Simulator, entity: string): Promise<Map<string, DumpedRow>> {
  const rows = await readDump<DumpedRow>(simulator.control, entity)
  return new Map(rows.map((row) => [row.id, row]))
}

import { randomUUID } from 'node:crypto'
import type { CrmSession } from '#connectors/call.ts'
import { dynamics } from '#connectors/dynamics/connector.ts'
import type { Clock } from '#core/clock.ts'
import { uuidv7 } from '#core/ids.ts'
import { type Log, silentLog } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import { enqueueWrite, type WriteRequest } from '#outbox/enqueue.ts'
import { findWrite } from '#outbox/store.ts'
import { createOutboxWorker, type OutboxTiming, type OutboxWorker } from '#outbox/worker.ts'
import type { OutboxRow } from '#outbox/write.ts'
import { storeTarget } from '#records/read-rows.ts'
import type { SyncedTable } from '#records/table.ts'
import { type DynamicsOptions, type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'
import { testActs } from '../support/acts.ts'
import { openSession, type TestSession } from '../support/crm-session.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { askControl } from '../support/simulator-control.ts'

/** A hub's outbox between a real database and a simulated organisation. */
export interface HubUnderTest {
  pool: Pool
  url: string
  crm: RunningDynamics
  session: TestSession
  connectionId: string
  worker: OutboxWorker
  keep(write: Partial<WriteRequest> & Pick<WriteRequest, 'operation'>): Promise<OutboxRow>
  /** Waits until the write stands in one of these states. */
  until(id: string, ...states: OutboxRow['state'][]): Promise<OutboxRow>
  fault(...faults: Record<string, unknown>[]): Promise<void>
  clearFaults(): Promise<void>
  /** Someone else in the organisation. */
  others(change: Record<string, unknown>): Promise<{ id: string; version: number }>
  /** What the organisation holds of a contact; null when it is not there. */
  held(id: string): Promise<Record<string, unknown> | null>
  /** Every write that the organisation carried out on this record, in order. */
  written(id: string): CarriedOut[]
}

export type CarriedOut = RunningDynamics['simulator']['log']['writes'][number]

/** Short waits, so that tests need not; the order of things does not hang on them. */
export const quick: OutboxTiming = {
  pollMs: 50,
  firstPauseMs: 50,
  longestTransactionMs: 1_500,
  parallel: 6,
  gatherMs: 25,
}

export interface HubOptions extends DynamicsOptions {
  start?: boolean
  timing?: Partial<OutboxTiming>
  log?: Log
}

export async function startHub(t: TestScope, options: HubOptions = {}): Promise<HubUnderTest> {
  const { pool, url } = await testDatabase(t, { max: 16 })
  const crm = await startDynamics({ records: 12, seed: 7, ...options })
  const session = sessionTo(crm)
  const connectionId = await connectTo(pool, crm, session)
  const worker = workerOn({ pool, session, timing: { ...quick, ...options.timing }, log: options.log ?? silentLog })
  t.after(async () => {
    await worker.stop()
    await session.door.close()
    await crm.close()
  })
  if (options.start !== false) worker.start()
  return {
    ...{ pool, url, crm, session, connectionId, worker },
    keep: (write) => keepOn({ pool, connectionId, worker }, write),
    until: (id, ...states) => untilState(pool, id, states),
    fault: async (...faults) => void (await askControl(crm.control, '/faults', faults)),
    clearFaults: async () => void (await askControl(crm.control, '/faults', undefined, 'DELETE')),
    others: (change) => askControl(crm.control, '/records', change),
    held: (id) => heldBy(session, id),
    written: (id) =>
      crm.simulator.log.writes.filter((write) => write.id === id && write.status >= 200 && write.status < 300),
  }
}

export function sessionTo({
  url,
  authority,
  tenant,
  clientId,
  clientSecret,
}: Omit<RunningDynamics, 'simulator' | 'close'>) {
  const settings = { authority, tenant, clientId, scope: `${url}/.default` }
  return openSession(dynamics, url, { settings, secret: clientSecret })
}

/** Connection and table as connecting and describing would have left them. */
async function connectTo(pool: Pool, crm: RunningDynamics, session: CrmSession): Promise<string> {
  const [authenticationId, connectionId] = [uuidv7(), uuidv7()]
  const { organisation } = await dynamics.identify(session)
  await pool.query(
    `insert into jackfield.authentication(id, name, kind, settings) values ($1, 'test', 'dynamics', '{}')`,
    [authenticationId],
  )
  await pool.query(
    `insert into jackfield.connection(id, name, crm, organisation, url, authentication_id, state)
      values ($1, 'test', 'dynamics', $2, $3, $4, 'active')`,
    [connectionId, organisation, crm.url, authenticationId],
  )
  for (const standard of dynamics.defaultTables.filter(({ entity }) => ['account', 'contact'].includes(entity))) {
    const source = await dynamics.describeTable(session, standard.table)
    const columns = standard.columns.filter((name) => source.fields.some((field) => field.name === name))
    await pool.query(
      `insert into jackfield.synced_table(connection_id, entity, source, columns, mapping, first_pass_at)
        values ($1, $2, $3, $4, $5, now())`,
      [connectionId, standard.entity, JSON.stringify(source), columns, JSON.stringify(standard.mapping)],
    )
  }
  return connectionId
}

/** Every column of the table is copied, whatever the filter. */
const targetOf = (table: SyncedTable) => {
  const scope = { table: table.source, columns: table.columns, filter: null }
  return storeTarget(table, {
    read: (raw) => dynamics.readRow(scope, raw),
    readId: (raw) => dynamics.readId(scope, raw),
    inScope: () => true,
  })
}

export function workerOn(parts: {
  pool: Pool
  session: CrmSession
  timing: OutboxTiming
  log: Log
  clock?: Clock
}): OutboxWorker {
  const { session, ...rest } = parts
  const worker = { id: randomUUID(), label: 'test' }
  return createOutboxWorker({
    ...rest,
    acts: testActs(),
    worker,
    session: async () => session,
    sessionAs: async () => session,
    connectorOf: () => dynamics,
    targetOf,
  })
}

async function keepOn(
  { pool, connectionId, worker }: Pick<HubUnderTest, 'pool' | 'connectionId' | 'worker'>,
  write: Partial<WriteRequest> & Pick<WriteRequest, 'operation'>,
): Promise<OutboxRow> {
  const kept = await enqueueWrite(pool, { connectionId, entity: 'contact', requestedBy: 'a tester', ...write })
  worker.wake()
  return kept
}

const patienceMs = 60_000

async function untilState(pool: Pool, id: string, states: OutboxRow['state'][]): Promise<OutboxRow> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const row = await findWrite(pool, id)
    if (states.includes(row.state)) return row
    if (performance.now() > deadline) {
      throw new Error(`The write stays '${row.state}': ${JSON.stringify({ problem: row.problem, result: row.result })}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function heldBy(session: CrmSession, id: string): Promise<Record<string, unknown> | null> {
  const reply = await session.call(`/api/data/v9.2/contacts(${id})`, { lane: 'person', retry: 'safe' })
  return reply.status === 404 ? null : (JSON.parse(reply.text) as Record<string, unknown>)
}

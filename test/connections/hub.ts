import { randomBytes, randomUUID } from 'node:crypto'
import type { ConnectInput } from '#connections/connect.ts'
import { type Connections, createConnections } from '#connections/connections.ts'
import type { Context } from '#connections/context.ts'
import { connectorOf } from '#connectors/registry.ts'
import { systemClock } from '#core/clock.ts'
import { createDoor } from '#core/http.ts'
import { createLog } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import { createKeyring, type Keyring, toMasterKey } from '#secrets/keyring.ts'
import { type DynamicsOptions, type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'
import { type TestDatabase, type TestScope, testDatabase } from '../support/database.ts'

export interface TestHub {
  database: TestDatabase
  pool: Pool
  keyring: Keyring
  /** What the door may call; more hosts can be added. */
  allowHosts: Set<string>
  /** Everything that was logged, by all processes. */
  lines: string[]
  /** One more hub process on the same database, with memory, door and worker id of its own. */
  process(change?: Partial<Context>): Connections
  connections: Connections
}

export async function startHub(t: TestScope): Promise<TestHub> {
  const database = await testDatabase(t)
  const keyring = createKeyring([toMasterKey(randomBytes(32))])
  const allowHosts = new Set<string>()
  const lines: string[] = []
  const log = createLog({ level: 'debug', write: (line) => void lines.push(line) })
  const start = (change: Partial<Context> = {}) => {
    const door = createDoor({ allowHosts, log })
    t.after(() => door.close())
    const worker = { id: randomUUID(), label: 'test' }
    return createConnections({
      pool: database.pool,
      door,
      keyring,
      connectorOf,
      clock: systemClock,
      log,
      worker,
      ...change,
    })
  }
  return { database, pool: database.pool, keyring, allowHosts, lines, process: start, connections: start() }
}

/** A small organisation that the hub may call. */
export async function startCrm(t: TestScope, hub: TestHub, options: DynamicsOptions = {}): Promise<RunningDynamics> {
  const crm = await startDynamics({ records: 60, ...options })
  t.after(() => crm.close())
  hub.allowHosts.add(new URL(crm.url).host)
  return crm
}

/** The right answers of the connect form, with some changed. */
export function inputFor(crm: RunningDynamics, change: Record<string, string> = {}): ConnectInput {
  const { url = crm.url, secret = crm.clientSecret, ...settings } = change
  return {
    crm: 'dynamics',
    url,
    authentication: {
      settings: { authority: crm.authority, tenant: crm.tenant, clientId: crm.clientId, ...settings },
      secret,
    },
  }
}

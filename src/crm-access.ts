import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Acts, createActs } from '#audit/append.ts'
import { type Connections, createConnections } from '#connections/connections.ts'
import { keyCheckStore, sealedRowsExist } from '#connections/key-check.ts'
import { connectorOf } from '#connectors/registry.ts'
import { systemClock } from '#core/clock.ts'
import { createDoor, type Door } from '#core/http.ts'
import type { Log } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import type { Worker } from '#jobs/lease.ts'
import type { SyncedTable } from '#records/table.ts'
import type { Keyring } from '#secrets/keyring.ts'
import { loadMasterKey } from '#secrets/master-key.ts'
import type { Settings } from './env.ts'

export interface CrmAccess {
  worker: Worker
  connections: Connections
  /** Connections whose readings wait for places in a pool of their own. */
  connectionsBeside(pool: Pool): Connections
  door: Door
  keyring: Keyring
  acts: Acts
}

/** The way to the CRMs: the one door out, the key to the secrets, the connections. Throws where the key is wrong or missing. */
export async function openCrmAccess(settings: Settings, log: Log, pool: Pool): Promise<CrmAccess> {
  const keyring = await loadMasterKey({
    dataFolder: settings.dataFolder,
    given: settings.masterKey,
    sealedRowsExist: () => sealedRowsExist(pool),
    keyCheck: keyCheckStore(pool),
  })
  const { allowHosts, proxy } = settings
  const door = createDoor({ allowHosts, log, ...(proxy ? { proxy } : {}) })
  const worker: Worker = { id: randomUUID(), label: `${hostname()}:${process.pid}` }
  const connectionsBeside = (own: Pool) =>
    createConnections({ pool: own, door, keyring, connectorOf, clock: systemClock, log, worker })
  const acts = createActs(keyring)
  return { worker, door, keyring, acts, connections: connectionsBeside(pool), connectionsBeside }
}

/** Where a record stands in its CRM, for a person. */
export const recordUrl = (table: SyncedTable, sourceId: string): string =>
  connectorOf(table.crm).recordUrl(table.url, table.source, sourceId)

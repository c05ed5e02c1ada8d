import { randomUUID } from 'node:crypto'
import { connectorOf } from '#connectors/registry.ts'
import { silentLog } from '#core/log.ts'
import { enqueueWrite, type WriteRequest } from '#outbox/enqueue.ts'
import { findWrite } from '#outbox/store.ts'
import { createOutboxWorker } from '#outbox/worker.ts'
import type { OutboxRow } from '#outbox/write.ts'
import { storeTarget } from '#records/read-rows.ts'
import type { SyncedTable } from '#records/table.ts'
import { testActs } from '../support/acts.ts'
import type { TestScope } from '../support/database.ts'
import { copied, until } from '../support/hub.ts'
import { salesforceHub } from './salesforce-hub.ts'

const salesforce = connectorOf('salesforce')

const targetOf = (table: SyncedTable) => {
  const scope = { table: table.source, columns: table.columns, filter: null }
  return storeTarget(table, {
    read: (raw) => salesforce.readRow(scope, raw),
    readId: (raw) => salesforce.readId(scope, raw),
    inScope: () => true,
  })
}

type Kept = Partial<WriteRequest> & Pick<WriteRequest, 'operation'>

/** A connected, copied organisation; `outbox` brings writes to it. */
export async function writingHub(t: TestScope, keyFields: boolean) {
  const hub = await salesforceHub(t, { records: 20 })
  const connection = await hub.connect({ settings: keyFields ? { keyFields } : {} })
  hub.worker()
  await copied(hub)
  const outboxOf = (gatherMs: number) =>
    createOutboxWorker({
      pool: hub.pool,
      session: hub.connections.session,
      sessionAs: hub.connections.sessionAs,
      acts: testActs(),
      timing: { pollMs: 50, firstPauseMs: 50, longestTransactionMs: 800, parallel: 6, gatherMs },
      log: silentLog,
      worker: { id: randomUUID(), label: 'test' },
      connectorOf,
      targetOf,
    })
  const keep = (write: Kept) =>
    enqueueWrite(hub.pool, { connectionId: connection.id, entity: 'contact', requestedBy: 'test', ...write })
  const settled = (id: string, ...states: OutboxRow['state'][]) =>
    until(async () => {
      const row = await findWrite(hub.pool, id)
      return (states.includes(row.state) || ['failed', 'unknown'].includes(row.state)) && row
    })
  const named = async (name: string) =>
    (await hub.dump('contact')).filter(({ fields, deleted }) => fields.LastName === name && !deleted)
  return { hub, keep, settled, named, connection, outboxOf }
}

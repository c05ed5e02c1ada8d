import type { CrmSession } from '#connectors/call.ts'
import type { Connector, TableScope } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import type { Log } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import type { Worker } from '#jobs/lease.ts'
import { askedColumns } from '#records/gone-columns.ts'
import { ownRows } from '#records/projection.ts'
import { type StoreTarget, storeTarget } from '#records/read-rows.ts'
import type { SyncedTable } from '#records/table.ts'
import { passes } from './table-filter.ts'

/** What the sync is built on. */
export interface SyncContext {
  pool: Pool
  session(connectionId: string): Promise<CrmSession>
  connectorOf(crm: string): Connector
  /** Reads the CRM's description of the table again; columns that are gone are dropped. */
  refreshMetadata(connectionId: string, entity: string): Promise<unknown>
  /** Tells of a fault that concerns the whole connection, such as a lost CRM user. */
  noteFault(connectionId: string, error: unknown): Promise<void>
  /** Rows a page; the vendor's largest when absent. */
  pageSize?: number
  /** Differences that an audit reads and heals one by one; a table with more is copied again as a whole. */
  mostDifferences?: number
  /** So many events are pushed to this process that keeping them comes before reading them back. */
  flooded?(): boolean
  /** Callers are looked up at this process' doors: they come before copying. */
  givesWay?(): boolean
  clock: Clock
  log: Log
  worker: Worker
}

/** One table at work. */
export interface TableWork {
  table: SyncedTable
  connector: Connector
  session: CrmSession
  scope: TableScope
  target: StoreTarget
}

export async function openTable(context: SyncContext, table: SyncedTable): Promise<TableWork> {
  const connector = context.connectorOf(table.crm)
  // One time for all of a pass: what is asked of the CRM and what is looked at here agree.
  const at = context.clock.now()
  const filter = ownRows(table)
  const scope: TableScope = { table: table.source, columns: askedColumns(table), filter, at }
  const target = storeTarget(table, {
    read: (raw) => connector.readRow(scope, raw),
    readId: (raw) => connector.readId(scope, raw),
    inScope: (values) => passes(filter, values, at),
  })
  return { table, connector, session: await context.session(table.connectionId), scope, target }
}

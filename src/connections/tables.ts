import type { CrmSession } from '#connectors/call.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { inTransaction } from '#database/pool.ts'
import { goneColumns } from '#records/gone-columns.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { checkFilter } from './check-filter.ts'
import type { Context } from './context.ts'
import { proposedTable } from './describe-tables.ts'
import { findConnection } from './store.ts'
import { type Fitted, fitToSource, needVersion, planChange, refreshSource, type TableChange } from './table-settings.ts'
import { findTable, insertTable, lockTable, requestReread, storePlan, storeSource } from './table-store.ts'

type Sessions = (connectionId: string) => Promise<CrmSession>

/** A column that is not known may be a new one: the CRM is asked once before it is refused. */
export async function setTable(
  context: Context,
  sessions: Sessions,
  given: { connectionId: string; entity: string; change: TableChange },
): Promise<SyncedTable> {
  const { connectionId, entity, change } = given
  const table = await findTable(context.pool, connectionId, entity)
  if (change.enabled && !table.enabled && table.problem) await needReadable(context, sessions, table)
  needVersion(table, change.version)
  try {
    planChange(table, change)
  } catch (error) {
    if (!isHubError(error, 'field.unknown')) throw error
    await refreshMetadata(context, sessions, connectionId, entity)
  }
  return await inTransaction(context.pool, async (tx) => {
    const locked = await lockTable(tx, connectionId, entity)
    needVersion(locked, change.version)
    await storePlan(tx, locked.id, planChange(locked, change))
    return await findTable(tx, connectionId, entity)
  })
}

/** A table that was switched off for a missing privilege is switched on only once it can be read. */
async function needReadable(context: Context, sessions: Sessions, table: SyncedTable): Promise<void> {
  const connector = context.connectorOf(table.crm)
  const session = await sessions(table.connectionId)
  for await (const step of connector.checkTables(session, [table.source.name])) {
    if (step.ok) continue
    const detail = { field: 'enabled', ...(step.mend === undefined ? {} : { mend: step.mend }) }
    throw new HubError('crm.privilege_missing', step.message, detail)
  }
}

export async function addTable(
  context: Context,
  sessions: Sessions,
  connectionId: string,
  name: string,
): Promise<SyncedTable> {
  const connection = await findConnection(context.pool, connectionId)
  const connector = context.connectorOf(connection.crm)
  const session = await sessions(connectionId)
  const wanted = name.trim()
  const there = (await listTables(context.pool, connectionId)).find(
    (table) => table.source.name.toLowerCase() === wanted.toLowerCase(),
  )
  if (there) return there
  const table = proposedTable(connector, await connector.describeTable(session, wanted))
  for await (const step of connector.checkTables(session, [table.source.name])) {
    if (step.ok) continue
    const detail = step.mend === undefined ? {} : { mend: step.mend }
    throw new HubError('crm.privilege_missing', step.message, { field: 'table', ...detail })
  }
  await insertTable(context.pool, connectionId, table)
  return await findTable(context.pool, connectionId, table.entity)
}

/** The columns and mapping that the table would get if it were added now. */
export function defaultsOf(context: Pick<Context, 'connectorOf'>, table: SyncedTable): Fitted {
  const connector = context.connectorOf(table.crm)
  const known = connector.defaultTables.find((candidate) => candidate.table === table.source.name)
  return fitToSource(known ?? connector.suggestTable(table.source), table.source)
}

export async function refreshMetadata(
  context: Context,
  sessions: Sessions,
  connectionId: string,
  entity: string,
): Promise<{ table: SyncedTable; dropped: string[]; vanished: string[]; returned: string[] }> {
  const known = await findTable(context.pool, connectionId, entity)
  const connector = context.connectorOf(known.crm)
  const source = await connector.describeTable(await sessions(connectionId), known.source.name)
  const { dropped, vanished, returned } = await inTransaction(context.pool, async (tx) => {
    const table = await lockTable(tx, connectionId, entity)
    const fresh = refreshSource(table, source, new Date(context.clock.now()).toISOString())
    await storeSource(tx, table.id, fresh)
    // Their values are what they were when the columns went.
    if (fresh.returned.length > 0) await requestReread(tx, table.id)
    return fresh
  })
  const table = await findTable(context.pool, connectionId, entity)
  needFilter(table, dropped)
  return { table, dropped, vanished, returned }
}

/** A filter cannot lose a condition by itself: other rows would be copied than a person asked for. */
export function needFilter(table: SyncedTable, dropped: readonly string[]): void {
  if (table.filter === null || dropped.length + goneColumns(table).length === 0) return
  try {
    checkFilter(table.filter, table.source, table.columns)
  } catch (error) {
    if (!isHubError(error, 'field.unknown', 'filter.invalid')) throw error
    const { field } = error.detail
    throw new HubError('filter.invalid', `The filter of ${table.entity} asks for a column that is gone`, {
      mend: 'Change the filter of the table.',
      cause: error,
      ...(field === undefined ? {} : { field }),
    })
  }
}

export async function crmTables(
  context: Context,
  sessions: Sessions,
  connectionId: string,
): Promise<{ name: string; labels: Record<string, string> }[]> {
  const { crm } = await findConnection(context.pool, connectionId)
  return await context.connectorOf(crm).listTables(await sessions(connectionId))
}

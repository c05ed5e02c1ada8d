import { isDeepStrictEqual } from 'node:util'
import type { CrmSession } from '#connectors/call.ts'
import type { Connector } from '#connectors/connector.ts'
import type { OwnSettings } from '#connectors/own-settings.ts'
import { HubError } from '#core/errors.ts'
import { canonicalSourceId } from '#core/ids.ts'
import { inTransaction, type Transaction } from '#database/pool.ts'
import type { SourceTable } from '#model/field.ts'
import { listTables } from '#records/table.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { ofConnection, readOwn } from './definition.ts'
import { proposedTable } from './describe-tables.ts'
import type { Gate } from './gate.ts'
import { needReadable } from './need-readable.ts'
import { changeConnection, findAuthentication, findConnection, lockConnection } from './store.ts'
import { planChange, refreshSource } from './table-settings.ts'
import { findTable, insertTable, lockTable, requestReread, storePlan, storeSource } from './table-store.ts'
import { needFilter } from './tables.ts'

/** Tries every table of another definition; then it is stored and tables follow, at once or not at all. */
export async function setDefinition(
  context: Context,
  gate: Gate,
  connectionId: string,
  given: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const connection = await findConnection(context.pool, connectionId)
  const connector = context.connectorOf(connection.crm)
  const baseUrl = String(given.baseUrl ?? ofConnection(connection).baseUrl)
  const own = readOwn(connector, baseUrl, given)
  await needSame(context, connection, { origin: connector.normaliseUrl(baseUrl), authentication: own.authentication })
  const session = gate.unguarded({ ...connection, settings: { ...connection.settings, ...own.settings } })
  const sources = await tryTables(connector, session, own)
  const { organisation } = await connector.identify(session)
  if (canonicalSourceId(organisation) !== connection.organisation) throw another('organisation')
  return await inTransaction(context.pool, async (tx) => {
    const { name } = await lockConnection(tx, connectionId)
    const changed = await changeConnection(tx, connectionId, { name, settings: own.settings })
    if (!changed) throw new HubError('connection.not_found', `There is no connection ${connectionId}`)
    if (!isPaceAlone(ofConnection(connection), ofConnection(changed))) {
      await followTables(tx, connectionId, { connector, sources, now: new Date(context.clock.now()).toISOString() })
    }
    return ofConnection(changed)
  })
}

/** How many calls the API allows says nothing of its records: none need be read again for it. */
function isPaceAlone(before: Record<string, unknown>, after: Record<string, unknown>): boolean {
  const [{ quota: paceBefore, ...restBefore }, { quota: paceAfter, ...restAfter }] = [before, after]
  return !isDeepStrictEqual(paceBefore, paceAfter) && isDeepStrictEqual(restBefore, restAfter)
}

/** Record ids and credentials hang on these. */
async function needSame(
  context: Context,
  connection: Connection,
  given: { origin: string; authentication: Record<string, string> },
): Promise<void> {
  if (given.origin !== connection.url) throw another('baseUrl')
  const { settings } = await findAuthentication(context.pool, connection.authenticationId)
  const changed = Object.entries(given.authentication).some(([name, value]) => (settings[name] ?? '') !== value)
  if (changed) throw another('authentication')
}

function another(field: string): HubError {
  return new HubError('input.invalid', `The definition is of another ${field}`, {
    field: `definition.${field}`,
    mend: 'Connect it as a connection of its own.',
  })
}

/** A page and a record of each table, as at connecting, and what the tables hold; throws what is wrong with the first. */
async function tryTables(
  connector: Connector,
  session: CrmSession,
  { tables }: Pick<OwnSettings, 'tables'>,
): Promise<SourceTable[]> {
  const names = tables.map(({ table }) => table)
  for await (const step of connector.checkTables(session, names)) needReadable({ tables }, [step])
  const sources: SourceTable[] = []
  for (const name of names) sources.push(await connector.describeTable(session, name))
  return sources
}

/** Tables that are new are copied, those that are gone rest, and all others are read again as they are asked for now. */
async function followTables(
  tx: Transaction,
  connectionId: string,
  given: { connector: Connector; sources: readonly SourceTable[]; now: string },
): Promise<void> {
  const left = new Map((await listTables(tx, connectionId)).map((table) => [table.entity, table]))
  for (const source of given.sources) {
    const proposed = proposedTable(given.connector, source)
    const { entity } = proposed
    if (left.delete(entity)) await readOtherwise(tx, connectionId, { entity, source, now: given.now })
    else await insertTable(tx, connectionId, proposed)
  }
  for (const { entity, enabled } of left.values()) {
    if (!enabled) continue
    const table = await lockTable(tx, connectionId, entity)
    await storePlan(tx, table.id, planChange(table, { enabled: false }))
  }
}

async function readOtherwise(
  tx: Transaction,
  connectionId: string,
  { entity, source, now }: { entity: string; source: SourceTable; now: string },
): Promise<void> {
  const table = await lockTable(tx, connectionId, entity)
  const fresh = refreshSource(table, source, now)
  await storeSource(tx, table.id, fresh)
  await requestReread(tx, table.id)
  needFilter(await findTable(tx, connectionId, entity), fresh.dropped)
}

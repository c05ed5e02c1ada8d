import type { CrmSession } from '#connectors/call.ts'
import { isHubError } from '#core/errors.ts'
import { listTables } from '#records/table.ts'
import type { Context } from './context.ts'
import { findConnection } from './store.ts'
import { refreshMetadata } from './tables.ts'

/**
 * Makes the field that creates write their key into, in every table that is copied and lacks it: only with the
 * organisation's consent, which stands in the connection's settings.
 */
export async function makeKeyFields(
  context: Context,
  sessions: (connectionId: string) => Promise<CrmSession>,
  connectionId: string,
): Promise<void> {
  const connection = await findConnection(context.pool, connectionId)
  const { makeKeyField } = context.connectorOf(connection.crm)
  if (!makeKeyField || connection.settings.keyFields !== true) return
  const tables = await listTables(context.pool, connectionId)
  for (const { enabled, source, entity } of tables) {
    if (!enabled || source.keyField || !source.fields.some(({ creatable }) => creatable)) continue
    await makeKeyField(await sessions(connectionId), source)
    await refreshMetadata(context, sessions, connectionId, entity)
  }
}

/** The same where nobody waits for it: what is refused is told in the log, and creates go without a key. */
export async function tryKeyFields(...given: Parameters<typeof makeKeyFields>): Promise<void> {
  await makeKeyFields(...given).catch((error: unknown) => {
    if (!isHubError(error)) throw error
    given[0].log.warn('no field for keys was made', { connectionId: given[2], error })
  })
}

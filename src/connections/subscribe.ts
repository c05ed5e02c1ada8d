import { isDeepStrictEqual } from 'node:util'
import type { CrmSession } from '#connectors/call.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { withLease } from '#jobs/lease.ts'
import { listTables } from '#records/table.ts'
import type { Connection, Webhook } from './connection.ts'
import type { Context } from './context.ts'
import { describeFault } from './problem.ts'
import { secretOf } from './push-secret.ts'
import { findConnection, storeWebhook } from './store.ts'

/** How long a push that could not be registered is left before it is tried again. */
const tryAgainMs = 15 * 60_000
/** A person may have removed the registration in the CRM: it is looked at this often. */
const lookAgainMs = 24 * 60 * 60_000

/**
 * Has the CRM push its changes to this hub, for the tables that are copied; mends the registration when tables or
 * address changed. Where the CRM refuses (missing rights), that is noted and changes are found by reading alone.
 */
export async function ensureSubscription(
  context: Context,
  session: (connectionId: string) => Promise<CrmSession>,
  connectionId: string,
  publicUrl: string,
): Promise<Webhook | null> {
  const connection = await findConnection(context.pool, connectionId)
  const { manifest, installer } = context.connectorOf(connection.crm)
  // Code is put into a CRM only because a person asked for it.
  if (connection.state !== 'active' || manifest.abilities.push !== true || installer) return connection.webhook
  const url = hookUrl(publicUrl, connectionId)
  const tables = await copiedTables(context, connectionId)
  if (isCurrent(context, connection.webhook, { url, tables })) return connection.webhook
  const done = await withLease(context.pool, `webhook:${connectionId}`, context.worker, async () => {
    const webhook = await register(context, await session(connectionId), { connection, url, tables })
    await storeWebhook(context.pool, connectionId, webhook)
    return webhook
  })
  return done ?? connection.webhook
}

export const hookUrl = (publicUrl: string, connectionId: string) =>
  `${publicUrl.replace(/\/+$/, '')}/hooks/crm/${connectionId}`

async function copiedTables(context: Context, connectionId: string): Promise<string[]> {
  const tables = await listTables(context.pool, connectionId)
  return tables.flatMap((table) => (table.enabled ? [table.source.name] : [])).sort()
}

function isCurrent(context: Context, webhook: Webhook | null, wanted: { url: string; tables: string[] }): boolean {
  if (webhook?.url !== wanted.url || !isDeepStrictEqual(webhook.tables, wanted.tables)) return false
  const age = context.clock.now() - Date.parse(webhook.at)
  return age >= 0 && age < (webhook.problem ? tryAgainMs : lookAgainMs)
}

async function register(
  context: Context,
  session: CrmSession,
  wanted: { connection: Connection; url: string; tables: string[] },
): Promise<Webhook> {
  const { connection, url, tables } = wanted
  const at = new Date(context.clock.now()).toISOString()
  try {
    const secret = await secretOf(context, connection.id)
    const connector = context.connectorOf(connection.crm)
    return { ...(await connector.subscribe(session, tables, { url, secret })), tables, at }
  } catch (error) {
    if (!isHubError(error)) throw error
    context.log.warn('the push of changes could not be registered', { connectionId: connection.id, error })
    const problem = { ...describeFault(error), since: connection.webhook?.problem?.since ?? at }
    return { ...connection.webhook, url, tables, at, problem }
  }
}

/** Best effort: a CRM that cannot be reached keeps a registration that leads nowhere. */
export async function unsubscribe(context: Context, session: CrmSession, connection: Connection): Promise<void> {
  const { endpointId, stepIds, url } = connection.webhook ?? {}
  if (endpointId === undefined || stepIds === undefined || url === undefined) return
  const stop = new AbortController()
  const tooLong = context.clock.sleep(15_000, stop.signal).then(() => {
    throw new HubError('crm.timeout', 'The CRM did not answer in time')
  })
  try {
    const connector = context.connectorOf(connection.crm)
    await Promise.race([connector.unsubscribe(session, { endpointId, stepIds, url }), tooLong])
  } catch (error) {
    context.log.warn('the push of changes stays registered at the CRM', { connectionId: connection.id, error })
  } finally {
    stop.abort()
    tooLong.catch(() => undefined)
  }
}

import type { Connections } from '#connections/connections.ts'
import type { Connector } from '#connectors/connector.ts'
import { isHubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import { listTables } from '#records/table.ts'
import type { HookTarget } from './crm-webhook.ts'

export interface HookTargetParts {
  db: Queryable
  connections: Connections
  connectorOf: (crm: string) => Connector
}

/** What the door of pushed changes has to know of a connection; null where there is none. */
export async function findHookTarget(parts: HookTargetParts, id: string): Promise<HookTarget | null> {
  const { db, connections, connectorOf } = parts
  const connection = await connections.find(id).catch((error: unknown) => {
    if (isHubError(error, 'connection.not_found')) return null
    throw error
  })
  if (!connection || connection.state === 'removed') return null
  const [secrets, tables] = await Promise.all([connections.pushSecrets(id), listTables(db, id)])
  const copied = tables.filter((table) => table.enabled)
  const connector = connectorOf(connection.crm)
  return {
    organisation: connection.organisation,
    secrets,
    entities: new Map(copied.map((table) => [table.source.name, table.entity])),
    connector,
    settings: { ...connection.settings },
  }
}

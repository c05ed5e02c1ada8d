import type { Connections } from '#connections/connections.ts'
import type { Connector } from '#connectors/connector.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Filter } from '#model/filter.ts'
import type { SyncedTable } from '#records/table.ts'
import type { Hint } from './inbox.ts'

interface Parts {
  session: Connections['session']
  connectorOf(crm: string): Connector
  keepHint(hint: Hint): Promise<unknown>
}

/** More than these are no answer to who is calling. */
const mostRows = 50
const deadlineMs = 8_000

/**
 * Asks the CRM itself for rows that the hub does not hold, before all other calls, and has what it finds read back like
 * any record that a push told of. Answers how many were found; none where the CRM cannot filter.
 */
export async function findInCrm(
  { session, connectorOf, keepHint }: Parts,
  table: SyncedTable,
  filter: Filter,
): Promise<number> {
  const connector = connectorOf(table.crm)
  if (connector.manifest.abilities.filter !== true || !table.enabled) return 0
  const scope = { table: table.source, columns: [table.source.idField], filter }
  const walk = { kind: 'query' } as const
  const crm = await session(table.connectionId)
  const signal = AbortSignal.timeout(deadlineMs)
  const options = { lane: 'ring', pageSize: mostRows, signal } as const
  const { rows } = await connector.readPage(crm, connector.firstLink(scope, walk), walk, options)
  const ids = rows.slice(0, mostRows).flatMap((row) => connector.readId(scope, row) ?? [])
  const { connectionId, entity } = table
  await Promise.all(
    ids.map((sourceId) =>
      keepHint({ connectionId, entity, sourceId, operation: 'update', eventKey: `asked ${uuidv7()}` }),
    ),
  )
  return ids.length
}

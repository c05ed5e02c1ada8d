import type { Connector } from '#connectors/connector.ts'
import type { SyncedTable } from '#records/table.ts'
import type { Destination } from './destination.ts'
import type { Ask } from './rows.ts'

/** As wide as the vendor's own column. */
export const longestLabel = 100

/**
 * The name of a CRM in the source column: "Static Value: ServiceNow", says the vendor's mapping. An API that was defined
 * by people goes by the name that they gave it: "HTTP API" would name all of them alike.
 */
export const labelOf = (connector: Connector, { apiName }: Pick<SyncedTable, 'apiName'>): string =>
  (apiName?.trim() || connector.manifest.title).slice(0, longestLabel)

/** How records of a table are asked for. */
export function askOf(
  destination: Destination,
  table: SyncedTable,
  { label, alike }: { label: string; alike: boolean },
): Ask {
  return {
    destinationId: destination.id,
    tableId: table.id,
    entity: table.entity,
    label,
    host: alike ? new URL(table.url).hostname : null,
  }
}

/**
 * Connections whose rows bear this table's name of a CRM, this one not among them: ids of two organisations may be the
 * same. Those that are still being copied count too, since their rows may be there already, from another program.
 */
export function hasAlike(
  table: SyncedTable,
  tables: readonly SyncedTable[],
  connectorOf: (crm: string) => Connector,
): boolean {
  const label = (one: SyncedTable) => labelOf(connectorOf(one.crm), one).toLowerCase()
  return tables.some((other) => other.connectionId !== table.connectionId && label(other) === label(table))
}

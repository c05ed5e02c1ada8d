import type { Connector } from '#connectors/connector.ts'
import type { SyncedTable } from '#records/table.ts'
import type { Destination } from './destination.ts'
import type { Ask } from './rows.ts'

/** The name of a CRM in the source column: "Static Value: ServiceNow", says the vendor's mapping. */
export const labelOf = (connector: Connector): string => connector.manifest.title

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

/** Ids of two organisations of one kind of CRM may be the same. */
export function hasAlike(table: SyncedTable, sources: readonly SyncedTable[]): boolean {
  return sources.some((other) => other.crm === table.crm && other.connectionId !== table.connectionId)
}

import type { Connector } from '#connectors/connector.ts'
import type { SyncedTable } from '#records/table.ts'
import { columnOf } from './check-against.ts'

/** Of which the hub knows what every organisation has: a standard create fills these fields, and only these. */
const standardEntities: ReadonlySet<string> = new Set([
  ...['account', 'contact', 'lead', 'opportunity', 'incident', 'phone_call'],
])

/** The mapped fields of the CRM's own table that this organisation lets be set; null: there is no standard create. */
export function standardFields(connector: Pick<Connector, 'defaultTables'>, table: SyncedTable): Set<string> | null {
  const known = connector.defaultTables.find(({ entity }) => entity === table.entity)
  if (!known || !standardEntities.has(table.entity)) return null
  const mapped = Object.values(known.mapping.fields).map(({ from }) => from)
  return new Set(mapped.filter((name) => columnOf(table, name)?.creatable && name !== table.source.idField))
}

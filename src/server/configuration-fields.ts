import type { Connector } from '#connectors/connector.ts'
import { isHubError } from '#core/errors.ts'
import { waitAtMost } from '#core/time-limit.ts'
import { isActivity } from '#desktop/check-mapping.ts'
import { interactionData } from '#desktop/interaction-data.ts'
import type { DynamicDataLimits } from '#desktop/limits.ts'
import { standardFields } from '#desktop/standard-fields.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import type { ConfigurationFields } from './contract/configurations.ts'
import type { Hub } from './hub.ts'

export const connectorFor = ({ connectors }: Pick<Hub, 'connectors'>, crm: string): Connector =>
  connectors.find(({ manifest }) => manifest.crm === crm)!

// Whoever saves waits for it; a CRM that is slower is taken as it was described last.
const freshWithinMs = 10_000

/** The connection's tables, these entities' as the CRM describes them now, where it answers. */
export async function freshTables(
  hub: Pick<Hub, 'pool' | 'connections' | 'log'>,
  connectionId: string,
  entities: readonly string[],
): Promise<SyncedTable[]> {
  const known = (await listTables(hub.pool, connectionId)).map(({ entity }) => entity)
  const wanted = [...new Set(entities)].filter((entity) => known.includes(entity))
  const asked = wanted.map((entity) =>
    hub.connections.refreshMetadata(connectionId, entity).catch((error: unknown) => {
      if (!isHubError(error)) throw error
      hub.log.info('a table is taken as it was described last', { connectionId, entity, error })
    }),
  )
  await waitAtMost(freshWithinMs, Promise.all(asked))
  return listTables(hub.pool, connectionId)
}

/** What mappings and workflows may use of each table, and what an interaction tells. */
export function shownFields(
  tables: readonly SyncedTable[],
  connector: Connector,
  { textFields, otherFields }: DynamicDataLimits,
): ConfigurationFields {
  return {
    entities: tables.map((table) => ({
      entity: table.entity,
      labels: table.source.labels,
      copied: table.enabled,
      custom: !connector.defaultTables.some(({ entity }) => entity === table.entity),
      activity: isActivity(table),
      standardFields: [...(standardFields(connector, table) ?? [])].sort(),
      fields: table.source.fields.filter(isOffered).map((field) => shownField(table, field)),
    })),
    data: interactionData.map(({ name, channels, type }) => ({ name, channels: [...channels], type })),
    limits: { textFields, otherFields },
  }
}

/** Who took part is told by the interaction itself, and mapped by nobody. */
const isOffered = ({ gone, type }: SyncedTable['source']['fields'][number]) => gone === undefined && type !== 'parties'

function shownField(
  { source }: SyncedTable,
  { name, labels, type, maxLength, required, creatable, updatable }: SyncedTable['source']['fields'][number],
): ConfigurationFields['entities'][number]['fields'][number] {
  const isId = name === source.idField
  return {
    ...{ field: name, labels, type, required },
    maxLength: maxLength ?? null,
    creatable: creatable && !isId,
    updatable: updatable && !isId,
  }
}

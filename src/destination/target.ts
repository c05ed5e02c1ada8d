import type { CrmSession } from '#connectors/call.ts'
import type { Connector } from '#connectors/connector.ts'
import type { DestinationAbility } from '#connectors/destination.ts'
import { destinationOf } from '#connectors/registry.ts'
import type { Clock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { Log } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import type { Worker } from '#jobs/lease.ts'
import type { SourceTable } from '#model/field.ts'
import { sourceColumns } from '#model/source-columns.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import type { Destination } from './destination.ts'
import type { DestinationEntity } from './entities.ts'
import { mappingOf } from './mapping.ts'
import { planRows, type RowPlan } from './plan.ts'
import { labelOf } from './sources.ts'

/** What destinations are built on. */
export interface DestinationParts {
  pool: Pool
  /** Throws authentication.*, connection.* while the connection cannot be used. */
  session(connectionId: string): Promise<CrmSession>
  connectorOf(crm: string): Connector
  noteFault(connectionId: string, error: unknown): Promise<void>
  clock: Clock
  log: Log
  worker: Worker
  timing?: Partial<DestinationTiming>
}

export interface DestinationTiming {
  /** Between looks, while nothing is to do. */
  pollMs: number
  /** The comparison is made again after so long. */
  figureEveryMs: number
  /** And so long after one that found rows waiting, missing or differing, once rows were written. */
  figureAgainMs: number
  /** A row that could not be written now is tried again after so long, doubling. */
  againMs: number
  /** Longer than the destination's longest transaction: after that, a request whose answer was lost does nothing more. */
  commitMs: number
}

/** One destination at work: its organisation, and how each table's records become its rows. */
export interface Target {
  destination: Destination
  session: CrmSession
  connector: Connector
  ability: DestinationAbility
  /** The destination's own tables, by entity. */
  own: Map<DestinationEntity, SyncedTable>
  plans: Map<number, RowPlan>
  sources: SyncedTable[]
  /** All tables of other connections, copied or not. */
  others: SyncedTable[]
}

export function abilityOf(connector: Connector): DestinationAbility {
  const ability = destinationOf(connector.manifest.crm)
  if (ability) return ability
  throw new HubError('destination.unable', `${connector.manifest.title} cannot be a destination`, {
    mend: 'Choose a connection to Dynamics 365.',
  })
}

export async function openTarget(parts: DestinationParts, destination: Destination): Promise<Target> {
  const { pool, connectorOf } = parts
  const tables = await listTables(pool)
  const own = ownTables(tables, destination)
  const crm = own.values().next().value?.crm
  if (crm === undefined || own.size < destination.entities.length) {
    throw new HubError('destination.not_ready', 'The organisation does not have the tables account and contact', {
      mend: 'Look at what the destination still needs.',
    })
  }
  needSourceColumns(own)
  const connector = connectorOf(crm)
  const others = tables.filter((table) => table.connectionId !== destination.connectionId)
  const sources = sourceTables(others, destination)
  const mapping = mappingOf(destination.mapping)
  const { entities } = destination
  const plans = new Map<number, RowPlan>()
  for (const table of sources) {
    const to: SourceTable = own.get(table.entity as DestinationEntity)!.source
    const from = connectorOf(table.crm)
    plans.set(
      table.id,
      planRows({ table, to, mapping, label: labelOf(from, table), entities, recordUrl: from.recordUrl }),
    )
  }
  const session = await parts.session(destination.connectionId)
  return { destination, session, connector, ability: abilityOf(connector), own, plans, sources, others }
}

/** Without them nobody could tell such a row from the organisation's own: it would be read back as new. */
function needSourceColumns(own: ReadonlyMap<string, SyncedTable>): void {
  for (const [entity, { source }] of own) {
    const missing = Object.values(sourceColumns).filter((name) => !source.fields.some((field) => field.name === name))
    if (missing.length === 0) continue
    throw new HubError('destination.not_ready', `The table ${entity} has no column ${missing.join(', ')}`, {
      field: missing[0]!,
      mend: 'Have the columns made: the readiness list of the destination offers it.',
    })
  }
}

export function ownTables(
  tables: readonly SyncedTable[],
  { connectionId, entities }: Destination,
): Map<DestinationEntity, SyncedTable> {
  const found = new Map<DestinationEntity, SyncedTable>()
  for (const entity of entities) {
    const table = tables.find((one) => one.connectionId === connectionId && one.entity === entity)
    if (table) found.set(entity, table)
  }
  return found
}

/** What is written: tables that are copied, and whose first copy is whole. */
function sourceTables(others: readonly SyncedTable[], { entities }: Destination): SyncedTable[] {
  return others.filter(
    (table) => table.enabled && table.firstPassAt !== null && (entities as readonly string[]).includes(table.entity),
  )
}

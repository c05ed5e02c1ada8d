import { HubError } from '#core/errors.ts'
import { sourceColumns } from '#model/source-columns.ts'
import { listTables } from '#records/table.ts'
import type { Destination, OnDelete } from './destination.ts'
import type { DestinationEntity } from './entities.ts'
import { destinationEntities } from './entities.ts'
import { type DestinationMapping, defaultMapping, type Line, type MappingChange, mappingOf } from './mapping.ts'
import { columnOf } from './plan.ts'
import { checkReadiness, newColumns, type ReadinessParts, type Requirement } from './readiness.ts'
import { changeDestination, findDestination, insertDestination, moveDestination } from './store.ts'
import { abilityOf } from './target.ts'

export interface ManageParts extends ReadinessParts {
  refreshMetadata(connectionId: string, entity: string): Promise<unknown>
}

/**
 * Rows of what is gone are taken out of use by default: cases and conversations that hang on them keep their customer,
 * and the contact centre, which identifies callers among active rows, no longer finds them.
 */
const usualOnDelete: OnDelete = 'deactivate'

/** Names an organisation as a destination; nothing is written before it is started. */
export async function createDestination(
  parts: ManageParts,
  given: { connectionId: string; onDelete?: OnDelete },
): Promise<Destination> {
  const connection = await parts.findConnection(given.connectionId)
  abilityOf(parts.connectorOf(connection.crm))
  const made = await insertDestination(parts.pool, {
    connectionId: connection.id,
    onDelete: given.onDelete ?? usualOnDelete,
    entities: destinationEntities,
  })
  if (made) return made
  throw new HubError('destination.exists', `The organisation of “${connection.name}” is a destination already`, {
    field: 'connection',
  })
}

/** Begins to write, or goes on; throws destination.not_ready naming the first thing that is missing. */
export async function startDestination(parts: ManageParts, id: string): Promise<Destination> {
  const destination = await findDestination(parts.pool, id)
  const missing = (await checkReadiness(parts, destination)).filter(({ state, blocks }) => state === 'unmet' && blocks)
  const [first] = missing
  if (first) {
    const of = first.subject === null ? '' : `${first.subject}: `
    const more = missing.length === 1 ? '' : ` (and ${missing.length - 1} more)`
    throw new HubError('destination.not_ready', `${of}${first.message}${more}`, {
      mend: first.mend ?? 'Look at what the destination still needs.',
    })
  }
  // What was made there by others meanwhile is known from now on.
  for (const entity of destination.entities) await parts.refreshMetadata(destination.connectionId, entity)
  return await moveDestination(parts.pool, id, 'active')
}

/** Makes the columns and choices that are missing, as a person consented; answers what the organisation still lacks. */
export async function makeMissing(parts: ManageParts, id: string): Promise<Requirement[]> {
  const destination = await findDestination(parts.pool, id)
  const connection = await parts.findConnection(destination.connectionId)
  const ability = abilityOf(parts.connectorOf(connection.crm))
  const session = await parts.session(connection.id)
  for (const { makes } of await checkReadiness(parts, destination)) {
    if (makes === null) continue
    const { table, column, option } = makes
    if (option !== null) await ability.makeOption(session, { table, column }, option)
    else await ability.makeColumn(session, table, { name: column, ...newColumns[column as keyof typeof newColumns]! })
  }
  for (const entity of destination.entities) await parts.refreshMetadata(connection.id, entity)
  return await checkReadiness(parts, await findDestination(parts.pool, id))
}

/** Null brings the defaults back. Throws mapping.invalid naming the column. */
export async function changeMapping(parts: ManageParts, id: string, mapping: MappingChange | null): Promise<void> {
  const destination = await findDestination(parts.pool, id)
  if (mapping !== null) await needColumns(parts, destination, mapping)
  await changeDestination(parts.pool, id, { mapping })
}

const reserved = new Set<string>(Object.values(sourceColumns))

async function needColumns(parts: ManageParts, destination: Destination, mapping: MappingChange): Promise<void> {
  const tables = await listTables(parts.pool, destination.connectionId)
  for (const [entity, kinds] of Object.entries(mapping)) {
    const source = tables.find((table) => table.entity === entity)?.source
    for (const { to } of Object.values(kinds).flat()) {
      const column = source && columnOf(source, to)
      const why = refusal(to, source?.idField, column)
      if (why === null) continue
      throw new HubError('mapping.invalid', `${entity}: ${to} ${why}`, {
        field: to,
        mend: 'Choose a column of the destination that can be written.',
      })
    }
    for (const lines of Object.values(kinds)) needOnce(entity, lines)
  }
}

function refusal(to: string, idField: string | undefined, column: ReturnType<typeof columnOf>): string | null {
  if (reserved.has(to) || to === idField) return 'is written by the hub itself'
  // One of the vendor's own list, of which not every organisation has all.
  if (!column) return isDefault(to) ? null : 'is no column of the destination'
  return column.creatable && column.updatable ? null : 'cannot be written'
}

const isDefault = (to: string) =>
  Object.values(defaultMapping).some((kinds) =>
    Object.values(kinds).some((lines) => lines.some((line) => line.to === to)),
  )

function needOnce(entity: string, lines: readonly Line[]): void {
  const seen = new Set<string>()
  for (const { to } of lines) {
    if (seen.has(to)) throw new HubError('mapping.invalid', `${entity}: ${to} is filled twice`, { field: to })
    seen.add(to)
  }
}

export interface ShownMapping {
  mapping: DestinationMapping
  /** Which parts people changed. */
  changed: { entity: DestinationEntity; crm: string }[]
}

export function shownMapping({ mapping }: Destination): ShownMapping {
  const changed = Object.entries(mapping ?? {}).flatMap(([entity, kinds]) =>
    Object.keys(kinds).map((crm) => ({ entity: entity as DestinationEntity, crm })),
  )
  return { mapping: mappingOf(mapping), changed }
}

import { HubError } from '#core/errors.ts'
import { listTables } from '#records/table.ts'
import { checkMapping } from './check-mapping.ts'
import type { Destination, OnDelete } from './destination.ts'
import type { DestinationEntity } from './entities.ts'
import { destinationEntities } from './entities.ts'
import { type DestinationMapping, type Line, type MappingChange, mappingOf } from './mapping.ts'
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
  if (mapping !== null) checkMapping(await listTables(parts.pool), destination, mapping)
  await changeDestination(parts.pool, id, { mapping })
}

/**
 * What is written of one kind of CRM into one table; null brings its default back. `version`: of the mapping that was seen.
 * Throws settings.changed where another stands by now.
 */
export async function changePart(
  parts: ManageParts,
  { id, entity, crm }: { id: string; entity: DestinationEntity; crm: string },
  { lines, version }: { lines: Line[] | null; version: number },
): Promise<void> {
  const destination = await findDestination(parts.pool, id)
  const { [crm]: _before, ...others } = destination.mapping?.[entity] ?? {}
  const kinds = lines === null ? others : { ...others, [crm]: lines }
  const mapping: MappingChange = { ...destination.mapping, [entity]: kinds }
  if (lines !== null) checkMapping(await listTables(parts.pool), destination, { [entity]: { [crm]: lines } })
  const some = Object.values(mapping).some((each) => Object.keys(each).length > 0)
  if (await changeDestination(parts.pool, id, { mapping: some ? mapping : null, mappingVersion: version })) return
  throw new HubError('settings.changed', 'The mapping was changed by somebody else meanwhile', {
    mend: 'Look at what stands now, and change it again.',
  })
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

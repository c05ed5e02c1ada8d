import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import type { SourceField } from '#model/field.ts'
import { enqueueWrite } from '#outbox/enqueue.ts'
import type { OutboxRow } from '#outbox/write.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import type { CreateDefinition, GivenField, UpdateDefinition } from './definitions.ts'
import { fitValue } from './fit-value.ts'
import type { InteractionValues } from './interaction-data.ts'
import type { InteractionLink } from './link.ts'
import { fillTemplate, linkOf, placeholdersOf } from './template.ts'

interface RunRequest {
  connectionId: string
  values: InteractionValues
  /** Made of the interaction and the workflow, so that the same run is the same write. */
  writeKey: string
  requestedBy: string
  /** Goes out by the account of the CRM that this person linked. */
  personId?: string
}

export interface Run {
  write: OutboxRow
  /** Fields whose text did not fit whole. */
  cut: string[]
}

/** Throws input.invalid naming the field whose value does not fit, and what `enqueueWrite` throws. */
export function runCreate(db: Queryable, request: RunRequest & { definition: CreateDefinition }): Promise<Run> {
  return run(db, request, { operation: 'create' })
}

/** `sourceId`: of the linked record. The same otherwise. */
export function runUpdate(
  db: Queryable,
  request: RunRequest & { definition: UpdateDefinition; sourceId: string },
): Promise<Run> {
  return run(db, request, { operation: 'update', sourceId: request.sourceId })
}

async function run(
  db: Queryable,
  { connectionId, definition, values, ...rest }: RunRequest & { definition: CreateDefinition | UpdateDefinition },
  target: { operation: 'create' } | { operation: 'update'; sourceId: string },
): Promise<Run> {
  const { entity, fields } = definition
  const tables = await listTables(db, connectionId)
  const { filled, cut } = fillFields({ entity, tables }, fields, values)
  const { writeKey, requestedBy, personId } = rest
  const write = await enqueueWrite(db, {
    ...{ connectionId, entity, writeKey, requestedBy, sourceFields: filled },
    ...target,
    ...(personId === undefined ? {} : { personId }),
  })
  return { write, cut }
}

/**
 * The CRM's fields with what the interaction tells. What it does not tell is left out: an update clears a field only
 * where the workflow says so by an empty text.
 */
export function fillFields(
  { entity, tables }: { entity: string; tables: readonly SyncedTable[] },
  fields: readonly GivenField[],
  values: InteractionValues,
): { filled: Record<string, unknown>; cut: string[] } {
  const source = tables.find((table) => table.entity === entity)?.source
  const filled: Record<string, unknown> = {}
  const cut: string[] = []
  for (const { field, value } of fields) {
    const column = source?.fields.find(({ name }) => name === field)
    if (!column) throw new HubError('field.unknown', `${entity} has no field '${field}'`, { field })
    const link = linkOf(value)
    const told =
      link === undefined ? fillTemplate(value, values) : linkedRecord(column, link, { tables, links: values.links })
    if (told === undefined || (told === '' && placeholdersOf(value).length > 0)) continue
    const fitted = fitValue(column, told)
    if ('wrong' in fitted) throw new HubError('input.invalid', `The field '${field}' ${fitted.wrong}`, { field })
    filled[field] = fitted.value
    if (fitted.cut) cut.push(field)
  }
  if (Object.keys(filled).length > 0) return { filled, cut }
  throw new HubError('input.invalid', `The interaction tells nothing of what the workflow writes to ${entity}`)
}

/** The first linked record of the entity, or of any, that the lookup may point at. */
export function linkedRecord(
  { targets = [] }: SourceField,
  entity: string | null,
  { tables, links }: { tables: readonly SyncedTable[]; links: readonly Pick<InteractionLink, 'entity' | 'sourceId'>[] },
): { entity: string; id: string } | undefined {
  const names = new Map(tables.map((table) => [table.entity, table.source.name]))
  for (const link of links) {
    const name = names.get(link.entity)
    if (name !== undefined && targets.includes(name) && (entity === null || link.entity === entity)) {
      return { entity: name, id: link.sourceId }
    }
  }
  return undefined
}

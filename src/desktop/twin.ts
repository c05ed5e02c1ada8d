import { warn } from './check-against.ts'
import type { Channel, MappedEntity, MappingRow, MemorializationDefinition, Notice } from './definitions.ts'
import { counterpart } from './interaction-data.ts'

export interface Twin {
  channel: Channel
  definition: MemorializationDefinition
  /** Rows whose data the other channel has not. */
  leftOut: Notice[]
}

/** The same mapping for the other channel; null where it is for both, or nothing of it is told over the other. */
export function twinOf(definition: MemorializationDefinition): Twin | null {
  if (definition.channel === 'both') return null
  const channel = definition.channel === 'voice' ? 'digital' : 'voice'
  const entities = definition.entities
    .map((mapped) => ({ ...mapped, rows: mapped.rows.flatMap((row) => translated(row, channel) ?? []) }))
    .filter(({ rows }) => rows.length > 0)
  if (entities.length === 0) return null
  return { channel, definition: { ...definition, channel, entities }, leftOut: leftOut(definition.entities, channel) }
}

function translated(row: MappingRow, to: Channel): MappingRow | null {
  if (row.from === 'script') return row
  const data = counterpart(row.data, to)
  return data === null ? null : { ...row, from: to, data }
}

function leftOut(entities: readonly MappedEntity[], channel: Channel): Notice[] {
  return entities.flatMap(({ entity, rows }) =>
    rows
      .filter((row) => translated(row, channel) === null)
      .map(({ field, data }) =>
        warn('no_counterpart', `${data} is not told of ${channel} interactions: ${field} of ${entity} is left out`, {
          entity,
          field,
        }),
      ),
  )
}

import type { PartDefinition } from './definitions.ts'

/** The entities that a part speaks of, as it names them. */
export function entitiesOf(part: PartDefinition): string[] {
  if (part.kind === 'create' || part.kind === 'update') return [part.definition.entity]
  if (part.kind !== 'search') return part.definition.entities.map(({ entity }) => entity)
  return part.definition.by === 'custom' ? [part.definition.entity] : part.definition.entities
}

import type { Part, PartInput, PartKind } from '../../api/configuration-parts.ts'
import type { Permission } from '../../api/session.ts'

/** Tabs of a configuration that hold parts, and which. */
export const kindsOfTab: Record<string, readonly PartKind[]> = {
  search: ['search'],
  'dynamic-data': ['dynamic_data'],
  memorialization: ['memorialization'],
  workflows: ['create', 'update'],
}

/** What making one needs besides changing integrations. */
export const neededFor: Record<PartKind, Permission> = {
  search: 'edit:integrations',
  dynamic_data: 'create:dynamic-data',
  memorialization: 'create:data-memorialization',
  create: 'edit:integrations',
  update: 'edit:integrations',
}

/** A field that is still to be chosen. */
export const emptyField = { field: '', value: '' }

const definitions: { [Kind in PartKind]: Extract<PartInput, { kind: Kind }>['definition'] } = {
  search: {
    ...{ by: 'caller', entities: [], where: 'hub', none: 'show', createId: null, one: 'link', many: 'choose' },
    prefer: ['exactness', 'open_case', 'last_spoken_with', 'owner'],
  },
  dynamic_data: { entities: [] },
  memorialization: { channel: 'voice', keepTyped: false, entities: [] },
  create: { standard: true, entity: '', fields: [emptyField], link: true, run: 'by_agent', condition: null },
  update: { entity: '', fields: [emptyField], run: 'by_agent', condition: null },
}

/** One that is still to be made. */
export function emptyPart(kind: PartKind, configurationId: string): Part {
  const made = { createdBy: '', createdAt: '', changedAt: '', version: 0 }
  const stored = { id: '', configurationId, name: '', description: '', active: true, notices: [], usedBy: [] }
  return { kind, definition: definitions[kind], ...stored, ...made } as Part
}

export const draftOf = ({ kind, name, description, active, definition }: Part): PartInput =>
  ({ kind, name, description, active, definition }) as PartInput

export const trimmed = (draft: PartInput): PartInput => ({
  ...draft,
  name: draft.name.trim(),
  description: draft.description.trim(),
})

/** Something of it cannot work as the CRM is by now. */
export const isWrong = ({ notices }: Pick<Part, 'notices'>) => notices.some(({ level }) => level === 'error')

/** How many fields are still to be filled in. */
export function missingOf(draft: PartInput): number {
  return (draft.name.trim() ? 0 : 1) + missingIn(draft)
}

const empties = (...values: readonly string[]) => values.filter((value) => value.trim() === '').length

function missingIn(draft: PartInput): number {
  const { kind, definition } = draft
  if (kind === 'search') {
    const uncreated = definition.none === 'create' && definition.createId === null ? 1 : 0
    if (definition.by === 'caller') return uncreated
    const inConditions = definition.conditions.map(({ field, value }) => empties(field, value))
    return uncreated + empties(definition.entity) + sum(inConditions)
  }
  if (kind === 'create' || kind === 'update') {
    return empties(definition.entity, ...definition.fields.map(({ field }) => field))
  }
  if (definition.entities.length === 0) return 1
  return kind === 'memorialization'
    ? sum(definition.entities.flatMap(({ rows }) => rows.map(({ field, data }) => empties(field, data))))
    : sum(definition.entities.flatMap(({ fields }) => fields.map(({ field }) => empties(field))))
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)

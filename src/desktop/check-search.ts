import type { SyncedTable } from '#records/table.ts'
import {
  type CheckedAgainst,
  columnOf,
  entityUnknown,
  fieldUnknown,
  isCopied,
  tableOf,
  warn,
  wrong,
} from './check-against.ts'
import type { Notice, SearchDefinition } from './definitions.ts'
import { unknownPlaceholders } from './template.ts'

export function checkSearch(definition: SearchDefinition, against: CheckedAgainst): Notice[] {
  const where =
    definition.by === 'caller' ? checkEntities(definition.entities, against) : checkCustom(definition, against)
  return [...where, ...checkPolicy(definition, against)]
}

function checkEntities(entities: readonly string[], against: CheckedAgainst): Notice[] {
  return entities.flatMap((entity) => {
    const table = tableOf(against, entity)
    if (!table) return [entityUnknown(entity)]
    const { phones, emails } = table.mapping
    if (phones.length + emails.length === 0) {
      const message = `${entity} has no field with a number or an address to search by`
      return [wrong('type_unfit', message, { entity })]
    }
    return table.enabled ? [] : [notCopied(entity)]
  })
}

const notCopied = (entity: string, field?: string): Notice =>
  warn('not_copied', `The hub does not copy ${field ? `${field} of ` : ''}${entity}, so it finds nothing there`, {
    entity,
    ...(field === undefined ? {} : { field }),
  })

type Custom = Extract<SearchDefinition, { by: 'custom' }>

function checkCustom(definition: Custom, against: CheckedAgainst): Notice[] {
  const { entity, conditions, order } = definition
  const table = tableOf(against, entity)
  if (!table) return [entityUnknown(entity)]
  const asked = [...conditions, ...order].map(({ field }) => field)
  const unknown = conditions.flatMap(({ field, value }) =>
    unknownPlaceholders(value).map((name) => wrong('data_unknown', `No interaction has “${name}”`, { entity, field })),
  )
  return [...[...new Set(asked)].flatMap((field) => checkField(table, field, definition)), ...unknown]
}

function checkField(table: SyncedTable, field: string, { where }: Custom): Notice[] {
  if (!columnOf(table, field)) return [fieldUnknown(table.entity, field)]
  return where === 'crm' || isCopied(table, field) ? [] : [notCopied(table.entity, field)]
}

function checkPolicy({ none, createId }: SearchDefinition, { parts }: CheckedAgainst): Notice[] {
  if (none === 'show' && createId === null) return []
  if (parts.some(({ id, kind }) => id === createId && kind === 'create')) return []
  return [wrong('part_unknown', 'The search is to create a record where it finds none, and names no create workflow')]
}

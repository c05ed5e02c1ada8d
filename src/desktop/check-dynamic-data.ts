import type { FieldType } from '#model/field.ts'
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
import type { DynamicDataDefinition, Notice } from './definitions.ts'

type Entity = DynamicDataDefinition['entities'][number]

const texts: readonly FieldType[] = ['text', 'memo']

export function checkDynamicData({ entities }: DynamicDataDefinition, against: CheckedAgainst): Notice[] {
  const seen = new Set<string>()
  return entities.flatMap((mapped) => {
    const { entity } = mapped
    if (seen.has(entity)) return [wrong('filled_twice', `${entity} stands in the mapping twice`, { entity })]
    seen.add(entity)
    const table = tableOf(against, entity)
    return table ? checkEntity(table, mapped, against) : [entityUnknown(entity)]
  })
}

function checkEntity(table: SyncedTable, { entity, fields }: Entity, against: CheckedAgainst): Notice[] {
  const seen = new Set<string>()
  const notices = fields.flatMap(({ field }): Notice[] => {
    const column = columnOf(table, field)
    if (!column) return [fieldUnknown(entity, field)]
    if (seen.has(field)) return [wrong('filled_twice', `${field} of ${entity} is shown twice`, { entity, field })]
    seen.add(field)
    if (column.type === 'other') {
      return [wrong('type_unfit', `${field} of ${entity} is of a type that cannot be shown`, { entity, field })]
    }
    if (isCopied(table, field)) return []
    const where = table.enabled ? 'a column that' : 'of a table that'
    const message = `${field} of ${entity} is ${where} the hub does not copy: cards do not show it until it does`
    return [warn('not_copied', message, { entity, field })]
  })
  return [...notices, ...checkNumbers(table, { entity, fields }, against)]
}

function checkNumbers(table: SyncedTable, { entity, fields }: Entity, { limits }: CheckedAgainst): Notice[] {
  const types = fields.flatMap(({ field }) => columnOf(table, field)?.type ?? [])
  const textCount = types.filter((type) => texts.includes(type)).length
  const otherCount = types.length - textCount
  const { textFields, otherFields } = limits
  const told: Notice[] = []
  if (textCount > textFields) {
    const message = `${entity}: at most ${textFields} text fields can be shown, not ${textCount}`
    told.push(wrong('too_many_text_fields', message, { entity }))
  }
  if (otherCount > otherFields) {
    const message = `${entity}: at most ${otherFields} fields of other types can be shown, not ${otherCount}`
    told.push(wrong('too_many_other_fields', message, { entity }))
  }
  return told
}

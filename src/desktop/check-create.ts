import type { FieldType, SourceField } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import { type CheckedAgainst, columnOf, entityUnknown, fieldUnknown, tableOf, warn, wrong } from './check-against.ts'
import type { Condition, CreateDefinition, GivenField, Notice, UpdateDefinition } from './definitions.ts'
import { fitValue } from './fit-value.ts'
import { isKnown, linkOf, placeholdersOf, unknownPlaceholders } from './template.ts'

export function checkCreate(definition: CreateDefinition, against: CheckedAgainst): Notice[] {
  const { entity, standard, fields } = definition
  const table = tableOf(against, entity)
  if (!table) return [entityUnknown(entity), ...checkCondition(definition.condition)]
  return [
    ...(standard ? checkStandard(table, fields, against) : []),
    ...fields.flatMap((given) => checkField(table, given, 'creatable')),
    ...checkTwice(entity, fields),
    ...checkRequired(table, fields),
    ...checkCondition(definition.condition),
  ]
}

export function checkUpdate({ entity, fields, condition }: UpdateDefinition, against: CheckedAgainst): Notice[] {
  const table = tableOf(against, entity)
  if (!table) return [entityUnknown(entity), ...checkCondition(condition)]
  return [
    ...fields.flatMap((given) => checkField(table, given, 'updatable')),
    ...checkTwice(entity, fields),
    ...checkCondition(condition),
  ]
}

function checkStandard(table: SyncedTable, fields: readonly GivenField[], against: CheckedAgainst): Notice[] {
  const { entity } = table
  const standard = against.standardFields(table)
  if (!standard) {
    return [wrong('not_standard', `There is no standard create of ${entity}; make a custom one`, { entity })]
  }
  return fields.flatMap(({ field }) => {
    if (standard.has(field) || !columnOf(table, field)) return []
    const message = `${field} is no standard field of ${entity}; a standard create has those alone`
    return [wrong('not_standard', message, { entity, field })]
  })
}

function checkField(table: SyncedTable, { field, value }: GivenField, able: 'creatable' | 'updatable'): Notice[] {
  const { entity, source } = table
  const where = { entity, field }
  const column = columnOf(table, field)
  if (!column) return [fieldUnknown(entity, field)]
  if (field === source.idField || !column[able]) {
    const when = able === 'creatable' ? 'set when a record is created' : 'changed'
    return [wrong('field_read_only', `The CRM does not let ${field} of ${entity} be ${when}`, where)]
  }
  const unknown = unknownPlaceholders(value)
  if (unknown.length > 0) return [wrong('data_unknown', `No interaction has “${unknown[0]}”`, where)]
  return checkValue(table, column, value)
}

/** What stands for itself can be tried now; the rest is known when it runs. */
function checkValue(table: SyncedTable, column: SourceField, value: string): Notice[] {
  const where = { entity: table.entity, field: column.name }
  const unfit = (why: string) => [wrong('type_unfit', `${column.name} of ${table.entity} ${why}`, where)]
  if (linkOf(value) !== undefined) return column.type === 'lookup' ? [] : unfit('does not point at records')
  if (placeholdersOf(value).length > 0) return []
  const fitted = fitValue(column, value)
  if ('wrong' in fitted) return unfit(fitted.wrong)
  if (!fitted.cut) return []
  const message = `${column.name} of ${table.entity} holds at most ${column.maxLength} characters: the text is cut`
  return [warn('text_cut', message, where)]
}

function checkTwice(entity: string, fields: readonly GivenField[]): Notice[] {
  return fields.flatMap(({ field }, at) => {
    const isTwice = fields.slice(0, at).some((before) => before.field === field)
    return isTwice ? [wrong('filled_twice', `${field} of ${entity} is filled twice`, { entity, field })] : []
  })
}

// Of the rest CRMs fill in what they require: states, owners, ids.
const typed: readonly FieldType[] = ['text', 'memo', 'integer', 'decimal', 'money', 'date', 'datetime', 'lookup']
const owners: ReadonlySet<string> = new Set(['systemuser', 'team', 'businessunit', 'user', 'group', 'organization'])

function isForPeople({ required, creatable, type, targets = [], gone }: SourceField): boolean {
  if (!required || !creatable || gone !== undefined || !typed.includes(type)) return false
  return type !== 'lookup' || !targets.some((target) => owners.has(target.toLowerCase()))
}

function checkRequired({ entity, source }: SyncedTable, fields: readonly GivenField[]): Notice[] {
  const given = new Set(fields.map(({ field }) => field))
  return source.fields
    .filter((column) => isForPeople(column) && !given.has(column.name))
    .map(({ name }) => {
      const message = `${name} of ${entity} is required: the CRM may refuse a record without it`
      return warn('required_missing', message, { entity, field: name })
    })
}

function checkCondition(condition: Condition | null): Notice[] {
  if (condition === null || condition.operator === 'no_match' || isKnown(condition.data)) return []
  return [wrong('data_unknown', `No interaction has “${condition.data}”`, { field: 'condition' })]
}

import type { FieldFormat, FieldType, SourceField } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import { type CheckedAgainst, columnOf, entityUnknown, fieldUnknown, tableOf, warn, wrong } from './check-against.ts'
import type { MappedEntity, MappingRow, MemorializationDefinition, Notice } from './definitions.ts'
import { longestText } from './fit-value.ts'
import { type DataType, dataField } from './interaction-data.ts'

type Channel = MemorializationDefinition['channel']

/** Script variables are called in lower case, whatever the script has. */
export function normalMapping(definition: MemorializationDefinition): MemorializationDefinition {
  const normal = (row: MappingRow) => (row.from === 'script' ? { ...row, data: row.data.toLowerCase() } : row)
  return { ...definition, entities: definition.entities.map((one) => ({ ...one, rows: one.rows.map(normal) })) }
}

export function checkMapping({ channel, entities }: MemorializationDefinition, against: CheckedAgainst): Notice[] {
  const seen = new Set<string>()
  return entities.flatMap((mapped) => {
    const { entity, target } = mapped
    const key = `${entity} ${target}`
    if (seen.has(key)) return [wrong('filled_twice', `${entity} stands in the mapping twice`, { entity })]
    seen.add(key)
    const table = tableOf(against, entity)
    if (!table) return [entityUnknown(entity)]
    return [...checkTarget(table, mapped), ...checkTwice(mapped), ...checkRows(table, mapped, channel)]
  })
}

/** An activity is about something else: it has a relation that says so. */
export const isActivity = (table: SyncedTable): boolean =>
  table.mapping.relations.some(({ role }) => role === 'regarding')

function checkTarget(table: SyncedTable, { entity, target }: MappedEntity): Notice[] {
  if (target !== 'activity' || isActivity(table)) return []
  return [wrong('not_an_activity', `${entity} is no activity of the CRM, such as a phone call`, { entity })]
}

/** Rows of both channels may fill one field, since an interaction has one channel; script variables are told over both. */
function checkTwice({ entity, rows }: MappedEntity): Notice[] {
  return rows.flatMap(({ field, from }, at) => {
    const before = rows.slice(0, at).filter((row) => row.field === field)
    const clash = before.some((row) => row.from === from || row.from === 'script' || from === 'script')
    return clash ? [wrong('filled_twice', `${field} of ${entity} is filled twice`, { entity, field })] : []
  })
}

function checkRows(table: SyncedTable, mapped: MappedEntity, channel: Channel): Notice[] {
  const { entity, target } = mapped
  return mapped.rows.flatMap((row) => {
    const column = columnOf(table, row.field)
    if (!column) return [fieldUnknown(entity, row.field)]
    return [
      ...checkWritable(table, column, { entity, target }),
      ...checkData(row, channel, entity),
      ...checkFit(row, column, entity),
    ]
  })
}

function checkWritable(
  { source }: SyncedTable,
  column: SourceField,
  { entity, target }: Pick<MappedEntity, 'entity' | 'target'>,
): Notice[] {
  const field = column.name
  const isNew = target === 'activity'
  if (field === source.idField || !(isNew ? column.creatable : column.updatable)) {
    const when = isNew ? 'set when a record is created' : 'changed'
    return [wrong('field_read_only', `The CRM does not let ${field} of ${entity} be ${when}`, { entity, field })]
  }
  if (column.updatable) return []
  const message = `${field} of ${entity} is written when the activity is made, and cannot follow what changes later`
  return [warn('written_once', message, { entity, field })]
}

function checkData({ field, from, data }: MappingRow, channel: Channel, entity: string): Notice[] {
  if (from === 'script') return []
  const where = { entity, field }
  if (channel !== 'both' && from !== channel) {
    return [
      wrong('data_unknown', `The mapping is of ${channel} interactions, and takes ${data} of ${from} ones`, where),
    ]
  }
  if (dataField(data, from)) return []
  return [wrong('data_unknown', `A ${from} interaction has no data “${data}”`, where)]
}

const words: readonly FieldType[] = ['text', 'memo']

/** Which types of fields take what is told; what a script variable holds, nobody can know before. */
const fits: Readonly<Record<DataType | 'script', readonly FieldType[]>> = {
  text: words,
  url: words,
  words: [...words, 'choice', 'choices', 'boolean'],
  id: [...words, 'integer', 'bigint', 'guid', 'choice'],
  number: [...words, 'integer', 'bigint', 'decimal', 'money'],
  datetime: [...words, 'date', 'datetime'],
  list: [...words, 'choices'],
  script: [
    ...words,
    ...(['integer', 'bigint', 'decimal', 'money', 'boolean', 'date', 'datetime'] as const),
    ...(['choice', 'choices', 'lookup', 'guid'] as const),
  ],
}

/** What a field of a format takes, by the names of data; a script variable may hold anything. */
const fitsFormat: Readonly<Record<FieldFormat, readonly string[]>> = {
  email: ['from', 'to'],
  phone: ['ani', 'dnis', 'from', 'to'],
  url: ['recordingUrl'],
}

const formatWords: Readonly<Record<FieldFormat, string>> = {
  email: 'e-mail addresses',
  phone: 'telephone numbers',
  url: 'links',
}

/** A choice without options takes nothing, and of a lookup to several tables an id alone does not tell which. */
const takesNothing = ({ type, options, targets }: SourceField) =>
  type === 'lookup' ? targets?.length !== 1 : type === 'choice' && options?.length === 0

function checkFit({ from, data }: MappingRow, column: SourceField, entity: string): Notice[] {
  const told = from === 'script' ? undefined : dataField(data)
  const where = { entity, field: column.name }
  if (from !== 'script' && !told) return []
  if (!fits[told?.type ?? 'script'].includes(column.type) || takesNothing(column)) {
    const message = `${column.name} of ${entity} is of the type ${column.type}, which does not take ${data}`
    return [wrong('type_unfit', message, where)]
  }
  const { format } = column
  if (told && format && !fitsFormat[format].includes(data)) {
    const message = `${column.name} of ${entity} is a field for ${formatWords[format]}, which ${data} is not`
    return [wrong('type_unfit', message, where)]
  }
  const limit = Math.min(column.maxLength ?? longestText, longestText)
  if (!words.includes(column.type) || !told?.longest || told.longest <= limit) return []
  const most = `at most ${limit} characters`
  return [warn('text_cut', `${column.name} of ${entity} holds ${most}: a longer ${data} is cut on a word`, where)]
}

import type { SyncedTable } from '#records/table.ts'
import type { ChangeableFields } from './contract/records.ts'

type Field = ChangeableFields['fields'][number]

const typed: ReadonlySet<string> = new Set(['text', 'memo', 'integer', 'decimal', 'money', 'boolean', 'date', 'choice'])

/** The mapped fields that the CRM lets be changed, and of which a person can type the value. */
export function changeableFields({ source, mapping }: SyncedTable): Field[] {
  const columns = new Map(source.fields.map((field) => [field.name, field]))
  return Object.entries(mapping.fields).flatMap(([field, { from }]) => {
    const column = columns.get(from)
    if (!column?.updatable || from === source.idField || !typed.has(column.type)) return []
    const { labels, required, maxLength, options } = column
    return {
      ...{ field, type: column.type as Field['type'], labels, required },
      ...(maxLength === undefined ? {} : { maxLength }),
      ...(options === undefined ? {} : { options }),
    }
  })
}

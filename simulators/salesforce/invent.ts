import { liveEntry } from './change-rows.ts'
import type { Fields } from './schema.ts'
import type { Table } from './table.ts'

const OWN = new Set(['CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'CaseNumber'])

/** A new row as the seed would have made one more. */
export function invented(table: Table, counter: number): Fields {
  const { base } = table
  if (!base) return { [table.definition.nameField]: `New ${counter}` }
  const fields: Fields = {}
  for (const [name, seeded] of Object.entries(base.values)) {
    const value = OWN.has(name) ? null : seeded(base.count + counter)
    if (value !== null) fields[name] = value
  }
  return fields
}

export function edited(table: Table, id: string, n: number): Fields {
  const name = table.fields.has('description') ? 'Description' : table.definition.nameField
  const before = String(liveEntry(table, id).fields[name] ?? '')
  return { [name]: `${before.slice(0, 60)} (edited ${n})` }
}

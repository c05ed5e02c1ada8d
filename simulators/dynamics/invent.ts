import type { Target } from './change-rows.ts'
import { notFound } from './errors.ts'
import type { Fields } from './schema.ts'
import { find, type Table, valueIn } from './table.ts'

/** A new row as the seed would have made one more. */
export function invented({ org, table }: Target): Fields {
  const base = table.base
  if (!base) return { [table.definition.nameColumn]: `New ${org.counter}` }
  const index = base.count + org.counter
  const fields: Fields = {}
  const own = new Set(['createdon', 'modifiedon', '_createdby_value', '_modifiedby_value', 'statecode', 'statuscode'])
  for (const [wire, value] of Object.entries(base.values)) {
    const made = own.has(wire) ? null : value(index)
    if (made !== null) fields[wire] = made
  }
  return fields
}

export function edited(table: Table, id: string, n: number): Fields {
  const row = find(table, id)
  if (row === undefined) throw notFound(table.definition.logical, id)
  const name = table.columns.has('description') ? 'description' : table.definition.nameColumn
  const before = String(valueIn(table, row, name) ?? '')
  return { [name]: `${before.slice(0, 60)} (edited ${n})` }
}

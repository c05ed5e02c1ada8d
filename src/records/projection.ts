import type { SourceField } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import { sourceColumns } from '#model/source-columns.ts'
import type { SyncedTable } from './table.ts'

/**
 * The table's filter, without rows that were written there from another CRM that is connected: such a row is that CRM's
 * record and none of this organisation's, and storing it as one would write it out again. Only organisations that are a
 * destination have such rows. Null: every row is the organisation's own.
 */
export function ownRows(table: Pick<SyncedTable, 'filter' | 'projected' | 'source'>): Filter | null {
  const own = unprojected(table)
  if (own === null) return table.filter
  return table.filter === null ? own : { all: [table.filter, own] }
}

function unprojected({ projected, source }: Pick<SyncedTable, 'projected' | 'source'>): Filter | null {
  const field = source.fields.find(({ name }) => name === sourceColumns.crm)
  const hasId = source.fields.some(({ name }) => name === sourceColumns.id)
  const values = field && hasId ? (projected ?? []).flatMap((label) => valuesOf(field, label)) : []
  if (values.length === 0) return null
  const crm = sourceColumns.crm
  // A comparison with what is empty is neither true nor false in the CRM's query, so the empty ones are named.
  return {
    any: [
      { field: sourceColumns.id, is: 'null' },
      { field: crm, is: 'null' },
      { all: values.map((value) => ({ field: crm, is: 'ne', value })) },
    ],
  }
}

/** The column may be a text or a choice: how a CRM of this name stands in it. */
function valuesOf(field: SourceField, label: string): (string | number)[] {
  if (field.type !== 'choice') return [label]
  const wanted = label.trim().toLowerCase()
  return (field.options ?? [])
    .filter(({ labels }) => Object.values(labels).some((text) => text.trim().toLowerCase() === wanted))
    .map(({ value }) => value)
}

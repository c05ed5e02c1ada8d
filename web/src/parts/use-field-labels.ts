import { useQuery } from '@tanstack/react-query'
import { tableQuery } from '../api/tables.ts'
import { humanise, useNames } from './names.ts'

/** The CRM's own labels of a table's columns, in the person's language where the CRM has it. */
export function useFieldLabels(connectionId: string, entity: string): (field: string) => string {
  const names = useNames()
  const table = useQuery({ ...tableQuery(connectionId, entity), staleTime: 600_000, enabled: entity !== '' })
  return (name) => {
    const field = table.data?.fields.find((each) => each.name === name)
    return field ? names.label(field.labels, name) : humanise(name)
  }
}

/** Columns that change with every change, and say nothing to a person. */
const NOISE = /^(?:modifiedon|versionnumber|overriddencreatedon|_modifiedby_value|timezoneruleversionnumber)$|@/

export function tellingFields(changed: Record<string, unknown>): string[] {
  return Object.keys(changed).filter((name) => !NOISE.test(name))
}

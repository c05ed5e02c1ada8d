import { useQuery } from '@tanstack/react-query'
import type { SourceField } from '../api/tables.ts'
import { tableQuery } from '../api/tables.ts'
import { useText } from '../text/use-text.tsx'
import { humanise, useNames } from './names.ts'

/** The CRM's own labels of a table's columns, in the person's language where the CRM has it. */
export function useFieldLabels(connectionId: string, entity: string): (field: string) => string {
  return useFieldWords(connectionId, entity).labelOf
}

export interface FieldWords {
  labelOf(field: string): string
  /** A value as the CRM sent it, in words; null where only an id could be said. */
  textOf(field: string, value: unknown): string | null
}

/** Labels of a table's columns, and their values in words. */
export function useFieldWords(connectionId: string, entity: string): FieldWords {
  const { t, f } = useText()
  const names = useNames()
  const table = useQuery({ ...tableQuery(connectionId, entity), staleTime: 600_000 })
  const fieldOf = (name: string) => table.data?.fields.find((each) => each.name === name)

  function labelOf(name: string): string {
    const field = fieldOf(name)
    if (field) return names.label(field.labels, name)
    // A technical name would flash up before its label has come.
    return table.isLoading ? '…' : humanise(name)
  }

  function textOf(name: string, value: unknown): string | null {
    if (value === null || value === undefined || value === '') return t.record.empty
    if (typeof value === 'boolean') return value ? t.record.yes : t.record.no
    const field = fieldOf(name)
    const option = field?.options?.find((each) => String(each.value) === String(value))
    if (option) return names.label(option.labels, String(value))
    if (typeof value === 'number') return f.count(value)
    if (typeof value !== 'string' || GUID.test(value)) return null
    return timeText(value, field?.type) ?? value
  }

  function timeText(value: string, type: SourceField['type'] | undefined): string | null {
    if (type !== 'date' && type !== 'datetime') return null
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return f.calendarDay(value)
    return Number.isNaN(Date.parse(value)) ? null : f.moment(value)
  }

  return { labelOf, textOf }
}

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Columns that change with every change, and say nothing to a person. */
const NOISE = /^(?:modifiedon|versionnumber|overriddencreatedon|_modifiedby_value|timezoneruleversionnumber)$|@/

export function tellingFields(changed: Record<string, unknown>): string[] {
  return Object.keys(changed).filter((name) => !NOISE.test(name))
}

import { createContext, useContext } from 'react'
import type { ColumnSample, SourceField, TableDetail, TableRules } from '../../api/tables.ts'
import { humanise, useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import type { Draft } from './draft.ts'
import type { Said } from './filter-sentence.ts'
import type { Fault } from './filter-tree.ts'

/** What all parts of the editor stand on. */
export interface Editing {
  table: TableDetail
  rules: TableRules
  samples: Record<string, ColumnSample>
  /** Records that the samples were taken from; 0 while there are none. */
  looked: number
  draft: Draft
  faults: Map<number, Fault>
  /** The column or field that the hub named when it refused the change. */
  refused: { field: string; text: string } | null
  put(change: Partial<Draft>): void
}

export const EditingContext = createContext<Editing | null>(null)

export function useEditing(): Editing {
  const editing = useContext(EditingContext)
  if (!editing) throw new Error('useEditing outside the editor')
  return editing
}

/** Columns to choose from, with what stands in them. */
export interface Offered {
  fields: readonly SourceField[]
  /** Of all others no value is known yet. */
  copied: readonly string[]
  /** Offered before the others; those that are copied where it is absent. */
  first?: readonly string[]
  samples: Record<string, ColumnSample>
  looked: number
  /** What programs call a column, where that is not its name here. */
  code?(name: string): string
}

export const OfferedContext = createContext<Offered | null>(null)

export function useOffered(): Offered {
  const offered = useContext(OfferedContext)
  if (!offered) throw new Error('useOffered outside an editor')
  return offered
}

export interface Columns extends Said {
  find(name: string): SourceField | undefined
}

/** Columns and their values in words. */
export function useColumns(fields: readonly SourceField[]): Columns {
  const { t, f } = useText()
  const names = useNames()
  const find = (name: string) => fields.find((field) => field.name === name)
  const label = (name: string) => names.label(find(name)?.labels ?? {}, name.replace(/^_(.+)_value$/, '$1'))
  function value(name: string, given: string | number | boolean): string {
    const field = find(name)
    if (typeof given === 'boolean') return given ? t.record.yes : t.record.no
    const option = field?.options?.find((each) => each.value === Number(given))
    if (option) return names.label(option.labels, String(given))
    if (typeof given === 'number') return field?.type === 'choice' ? String(given) : f.digits(String(given))
    if (field?.type === 'date' || field?.type === 'datetime') {
      if (/^\d{4}-\d\d-\d\d$/.test(given)) return f.calendarDay(given)
      return Number.isNaN(Date.parse(given)) ? given : f.moment(given)
    }
    return field?.type === 'text' || field?.type === 'memo' ? t.editor.sentence.quotedValue(given) : given
  }
  return { find, label, value }
}

/** A sample as a cell shows it. */
export function useSampleText(): (field: SourceField | undefined, sample: ColumnSample['values'][number]) => string {
  const { t, f } = useText()
  const names = useNames()
  return (field, { value, name }) => {
    if (name !== undefined) return name
    if (typeof value === 'boolean') return value ? t.record.yes : t.record.no
    const option = field?.options?.find((each) => each.value === Number(value))
    if (option) return names.label(option.labels, String(value))
    if (field?.type === 'lookup' || field?.type === 'guid') return t.record.otherReference
    if (field?.type === 'date' || field?.type === 'datetime') {
      const text = String(value)
      return /^\d{4}-\d\d-\d\d$/.test(text)
        ? f.calendarDay(text)
        : Number.isNaN(Date.parse(text))
          ? text
          : f.moment(text)
    }
    return typeof value === 'number' ? f.digits(String(value)) : value
  }
}

/** What a field of the hub is called: as the CRM calls the column that it is usually made of, in the person's language. */
export function useFieldTitle(table: TableDetail): (name: string) => string {
  const { language } = useText()
  const { find, label } = useColumns(table.fields)
  return (name) => {
    const from = table.defaults.mapping.fields[name]?.from
    // The hub's own names are English.
    return language === 'en' || from === undefined || !find(from) ? humanise(name) : label(from)
  }
}

import { HubError } from '#core/errors.ts'
import type { FieldType, SourceField, SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import { readableField } from './check-mapping.ts'

// Bounds that a person never meets; Dataverse's own are wider.
const deepest = 10
const mostConditions = 100
const mostValues = 500

type Condition = Extract<Filter, { is: string }>
type Value = string | number | boolean

/** What a value of each type looks like; a type that is not here can only be asked for null. */
const valueForms: Partial<Record<FieldType, { form: string; fits: (value: Value, field: SourceField) => boolean }>> = {
  text: { form: 'a text', fits: (value) => typeof value === 'string' },
  memo: { form: 'a text', fits: (value) => typeof value === 'string' },
  integer: { form: 'a whole number', fits: (value) => Number.isSafeInteger(value) },
  bigint: {
    form: 'a whole number',
    fits: (value) => Number.isSafeInteger(value) || /^-?\d{1,19}$/.test(String(value)),
  },
  decimal: { form: 'a number', fits: (value) => Number.isFinite(value) },
  money: { form: 'a number', fits: (value) => Number.isFinite(value) },
  boolean: { form: 'true or false', fits: (value) => typeof value === 'boolean' },
  date: { form: 'a date such as 2026-01-31', fits: (value) => isDate(value) },
  datetime: { form: 'a time such as 2026-01-31T12:00:00Z', fits: (value) => isDate(value) || isTime(value) },
  choice: { form: 'one of its options', fits: isOption },
  lookup: { form: 'the id of a record', fits: isGuid },
  guid: { form: 'an id', fits: isGuid },
}
const ordered: readonly FieldType[] = ['integer', 'bigint', 'decimal', 'money', 'date', 'datetime', 'text']
const words: readonly FieldType[] = ['text', 'memo']

const dates: readonly FieldType[] = ['date', 'datetime']

/** How a column of each type can be compared: what the checks below let through, and all that an editor offers. */
export function comparisonsOf(type: FieldType): Condition['is'][] {
  const found: Condition['is'][] = []
  if (valueForms[type]) found.push('eq', 'ne')
  // Of yes and no a list says nothing.
  if (valueForms[type] && type !== 'boolean') found.push('in')
  if (words.includes(type)) found.push('contains', 'starts_with', 'ends_with')
  if (ordered.includes(type)) found.push('gt', 'ge', 'lt', 'le')
  if (dates.includes(type)) found.push('within_days')
  return [...found, 'null', 'not_null']
}

/** Throws filter.invalid or field.unknown, naming the field and what is allowed there. */
export function checkFilter(filter: Filter, table: SourceTable, columns: readonly string[]): void {
  let conditions = 0
  const walk = (node: Filter, depth: number): void => {
    if (depth > deepest) throw invalid(null, `is nested deeper than ${deepest} levels`, 'Make it flatter.')
    if (node === null || typeof node !== 'object') throw invalid(null, 'has a part that is no condition', shape)
    if ('all' in node || 'any' in node) {
      const parts = 'all' in node ? node.all : node.any
      if (!Array.isArray(parts) || parts.length === 0) throw invalid(null, 'has an empty group', shape)
      for (const part of parts) walk(part, depth + 1)
      return
    }
    if ('not' in node) {
      walk(node.not, depth + 1)
      return
    }
    if (++conditions > mostConditions) throw invalid(null, `has more than ${mostConditions} conditions`, 'Use fewer.')
    checkCondition(node, table, columns)
  }
  walk(filter, 1)
}
const shape = 'Use {all: […]}, {any: […]}, {not: …} or {field, is, value}.'

function checkCondition(condition: Condition, table: SourceTable, columns: readonly string[]): void {
  const name = condition.field
  if (typeof name !== 'string') throw invalid(null, 'has a condition without a field', shape)
  const { gone, ...field } = compared(readableField(table, name), table)
  // The CRM cannot be asked by it any more.
  if (gone !== undefined) throw invalid(name, 'is gone from the CRM', 'Take the condition out of the filter.')
  // Where the CRM tracks changes the hub itself evaluates the filter, on what was copied.
  if (!columns.includes(name)) throw invalid(name, 'is not copied', `Add ${name} to the columns.`)
  checkComparison(condition, field)
}

/** Where ids are no GUIDs a lookup holds a text of the CRM's own form, which its connector checks. */
function compared(field: SourceField, { idField, fields }: SourceTable): SourceField {
  const hasGuids = fields.find(({ name }) => name === idField)?.type === 'guid'
  return field.type === 'lookup' && !hasGuids ? { ...field, type: 'text' } : field
}

function checkComparison(condition: Condition, field: SourceField): void {
  switch (condition.is) {
    case 'null':
    case 'not_null':
      break
    case 'eq':
    case 'ne':
      needValue(field, condition.value)
      break
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      needField(field, { allowed: ordered, is: condition.is })
      needValue(field, condition.value)
      break
    case 'contains':
    case 'starts_with':
    case 'ends_with':
      needField(field, { allowed: words, is: condition.is })
      if (condition.value === '') throw invalid(field.name, 'is compared with an empty text', 'Give some characters.')
      needValue(field, condition.value)
      break
    case 'in':
      needValues(field, condition.value)
      break
    case 'within_days':
      needField(field, { allowed: dates, is: condition.is })
      needDays(field, condition.value)
      break
    default:
      throw invalid(field.name, 'has a comparison that is not known', `Use one of ${comparisons}.`)
  }
}
const comparisons = 'eq, ne, gt, ge, lt, le, contains, starts_with, ends_with, in, null, not_null, within_days'

function needValues(field: SourceField, values: unknown): void {
  if (!Array.isArray(values) || values.length === 0 || values.length > mostValues) {
    throw invalid(field.name, 'needs a list of values', `Give 1 to ${mostValues} of them.`)
  }
  for (const value of values) needValue(field, value)
}

function needDays(field: SourceField, days: number): void {
  if (Number.isInteger(days) && Math.abs(days) <= 36_500 && days !== 0) return
  throw invalid(field.name, 'needs a number of days', 'Give a whole number; negative looks ahead.')
}

function needField(field: SourceField, need: { allowed: readonly FieldType[]; is: string }): void {
  if (need.allowed.includes(field.type)) return
  const mend = `“${need.is}” is for columns of type ${need.allowed.join(', ')}.`
  throw invalid(field.name, `is of type ${field.type} and cannot be compared by “${need.is}”`, mend)
}

function needValue(field: SourceField, value: unknown): void {
  const expected = valueForms[field.type]
  if (!expected) throw invalid(field.name, `is of type ${field.type}`, 'Only null and not_null can be asked of it.')
  if (['string', 'number', 'boolean'].includes(typeof value) && expected.fits(value as Value, field)) return
  throw invalid(field.name, `cannot be compared with ${JSON.stringify(value)?.slice(0, 100)}`, `Give ${expected.form}.`)
}

function isOption(value: Value, field: SourceField): boolean {
  if (typeof value === 'boolean' || (typeof value === 'number' && !Number.isSafeInteger(value))) return false
  if (!field.options?.length && typeof value === 'string') return false
  return !field.options?.length || field.options.some((option) => option.value === value)
}

function isGuid(value: Value): boolean {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
}

function isDate(value: Value): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

function isTime(value: Value): boolean {
  if (typeof value !== 'string') return false
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  )
}

function invalid(field: string | null, what: string, mend: string): HubError {
  const subject = field === null ? 'The filter' : `In the filter ${field}`
  return new HubError('filter.invalid', `${subject} ${what}`, field === null ? { mend } : { field, mend })
}

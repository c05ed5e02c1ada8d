import { HubError } from '#core/errors.ts'
import type { SourceField, SourceTable } from '#model/field.ts'

/** A row's text beyond this is no record: 1 MiB. */
export const longestRow = 1_048_576
// A text column without a stated length: what Dataverse allows a memo at most.
const longestText = 1_048_576

type Problem = string | null
type Check = (value: unknown, field: SourceField) => Problem

const datePattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/
const decimalPattern = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const guidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** True for a calendar date, with or without a time: 29 February only in leap years. Asked of every date of every row. */
export function isCalendarDate(text: string): boolean {
  if (!datePattern.test(text)) return false
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  if (month < 1 || month > 12 || day < 1 || day > 31) return false
  if (day > 28 && day > daysIn(Number(text.slice(0, 4)), month)) return false
  if (text.length === 10) return true
  // 60: a leap second. Where no seconds are written stands the zone, or nothing.
  return twoDigits(text, 11) < 24 && twoDigits(text, 14) < 60 && (text[16] !== ':' || twoDigits(text, 17) <= 60)
}

const twoDigits = (text: string, at: number) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const isText: Check = (value, field) => {
  if (typeof value !== 'string') return 'is no text'
  const limit = field.maxLength ?? longestText
  return value.length > limit ? `is ${value.length} characters long; ${limit} is the most` : null
}
const isDate: Check = (value) => (typeof value === 'string' && isCalendarDate(value) ? null : 'is no date')
const isWhole: Check = (value) =>
  Number.isInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value)) ? null : 'is no whole number'
const isDecimal: Check = (value) =>
  typeof value === 'number' || (typeof value === 'string' && decimalPattern.test(value)) ? null : 'is no number'
const isGuid: Check = (value) => (typeof value === 'string' && guidPattern.test(value) ? null : 'is no id')
const isBoolean: Check = (value) => (typeof value === 'boolean' ? null : 'is neither true nor false')
const anything: Check = () => null

const checks: Record<SourceField['type'], Check> = {
  text: isText,
  memo: isText,
  integer: isWhole,
  bigint: isWhole,
  // An option may have been taken out of the list since, so any number or text passes as the CRM names its options.
  choice: (value, field) => {
    if (typeof value === 'boolean') return null
    return namedByText(field) ? isText(value, field) : isWhole(value, field)
  },
  decimal: isDecimal,
  money: isDecimal,
  boolean: isBoolean,
  date: isDate,
  datetime: isDate,
  guid: isGuid,
  lookup: anything,
  choices: anything,
  parties: anything,
  other: anything,
}

const namedByText = ({ options }: SourceField) => options?.some(({ value }) => typeof value === 'string') === true

export type RowChecker = (values: Record<string, unknown>) => void

/** Checks a row's values against the CRM's own description; throws record.invalid naming the field. */
export function rowChecker(table: SourceTable, columns: readonly string[]): RowChecker {
  const chosen = new Set(columns)
  const steps = table.fields
    .filter((field) => chosen.has(field.name))
    .map((field) => ({ field, check: checks[field.type] }))
    .filter((step) => step.check !== anything)
  return (values) => {
    for (const { field, check } of steps) {
      const value = values[field.name]
      if (value === null || value === undefined) continue
      const problem = check(value, field)
      if (problem) throw new HubError('record.invalid', `The field '${field.name}' ${problem}`, { field: field.name })
    }
  }
}

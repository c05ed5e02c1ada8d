import { HubError } from '#core/errors.ts'
import type { FieldType, SourceTable } from '#model/field.ts'
import type { FilterValue } from '#model/filter.ts'

const dayMs = 86_400_000

export function filterRefusal(field: string, reason: string): HubError {
  return new HubError('filter.invalid', `the filter on ${field} is not valid: ${reason}`, { field })
}

export function filteredType(field: string, table: SourceTable): FieldType {
  const found = table.fields.find((one) => one.name === field)
  if (found) return found.type
  throw new HubError('field.unknown', `the filter names ${field}, which ${table.name} has not`, { field })
}

/** A part of an expression; true and false are what an empty `all` and an empty `any` say. */
export type Expression = string | boolean

/** How a vendor's language joins conditions, and what a part must be so that it decides alone. */
export interface Joint {
  text: string
  decides: boolean
}

export function combine<T>(parts: readonly T[], { text, decides }: Joint, of: (part: T) => Expression): Expression {
  const open: string[] = []
  for (const part of parts) {
    const expression = of(part)
    if (expression === decides) return decides
    if (typeof expression === 'string') open.push(expression)
  }
  if (open.length === 0) return !decides
  return open.length === 1 ? open[0]! : `(${open.join(text)})`
}

/** The time that so many days span, earliest first, in milliseconds since the epoch; a negative number looks ahead. */
export function daysSpan(field: string, type: FieldType, days: number, now: number): [from: number, to: number] {
  if (type !== 'datetime' && type !== 'date') throw filterRefusal(field, 'within_days is for dates')
  if (!Number.isFinite(days)) throw filterRefusal(field, 'within_days takes a number of days')
  const then = now - days * dayMs
  return then < now ? [then, now] : [now, then]
}

export function booleanText(value: FilterValue, field: string): string {
  if (typeof value === 'boolean') return String(value)
  throw filterRefusal(field, 'true or false was expected')
}

export function numberText(value: FilterValue, field: string): string {
  const text = String(value)
  if (typeof value !== 'boolean' && /^-?\d+(\.\d+)?$/.test(text)) return text
  throw filterRefusal(field, 'a number was expected')
}

export function dateText(value: FilterValue, field: string): string {
  if (typeof value === 'string' && isDate(value)) return value
  throw filterRefusal(field, 'a date such as 2026-01-31 was expected')
}

const dateForm = /^\d{4}-\d{2}-\d{2}$/
const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})$/

/** A day that exists: JavaScript reads 30 February as 1 or 2 March. */
function isDate(text: string): boolean {
  if (!dateForm.test(text)) return false
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** The time that a text tells, in milliseconds since the epoch; a day begins at midnight UTC. */
export function timeOf(value: FilterValue, field: string): number {
  const text = String(value)
  const time = isDate(text) || (timeForm.test(text) && isDate(text.slice(0, 10))) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw filterRefusal(field, 'a time such as 2026-01-31T08:00:00Z was expected')
}

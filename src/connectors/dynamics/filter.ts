import type { TableScope } from '#connectors/connector.ts'
import { systemClock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { FieldType, SourceTable } from '#model/field.ts'
import type { Filter, FilterValue } from '#model/filter.ts'
import { guidForm } from './read-row.ts'

const comparisons = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])
const textFunctions = { contains: 'contains', starts_with: 'startswith', ends_with: 'endswith' } as const
const dayMs = 86_400_000

/** A part of an expression; true and false are what an empty `all` and an empty `any` say. */
type Expression = string | boolean

export function scopeQuery({ filter, table, at }: TableScope): string | null {
  return filterQuery(filter, table, at ?? systemClock.now())
}

/**
 * The filter as the value of `$filter`, percent-encoded, or null where it lets every row pass. Times that are relative
 * count back from `now`, in milliseconds since the epoch.
 */
export function filterQuery(filter: Filter | null, table: SourceTable, now: number): string | null {
  if (filter === null) return null
  const expression = express(filter, table, now)
  if (expression === true) return null
  // No row is without its id.
  if (expression === false) return `${table.idField}%20eq%20null`
  return expression
}

function express(filter: Filter, table: SourceTable, now: number): Expression {
  if ('all' in filter) return combine(filter.all, 'and', (part) => express(part, table, now))
  if ('any' in filter) return combine(filter.any, 'or', (part) => express(part, table, now))
  if ('not' in filter) {
    const inner = express(filter.not, table, now)
    return typeof inner === 'boolean' ? !inner : `not%20(${inner})`
  }
  const type = typeOf(filter.field, table)
  if (!('value' in filter)) {
    return `${filter.field}%20${filter.is === 'null' ? 'eq' : 'ne'}%20null`
  }
  if (filter.is === 'in') {
    return combine(filter.value, 'or', (value) => `${filter.field}%20eq%20${literal(value, type, filter.field)}`)
  }
  if (filter.is === 'within_days') return within(filter.field, type, filter.value, now)
  if (filter.is === 'contains' || filter.is === 'starts_with' || filter.is === 'ends_with') {
    if (type !== 'text' && type !== 'memo') throw wrong(filter.field, `${filter.is} is for texts`)
    return `${textFunctions[filter.is]}(${filter.field},${quoted(unwild(filter.value))})`
  }
  if (!comparisons.has(filter.is)) throw wrong(filter.field, `there is no comparison ${String(filter.is)}`)
  return `${filter.field}%20${filter.is}%20${literal(filter.value, type, filter.field)}`
}

function combine<T>(parts: readonly T[], word: 'and' | 'or', of: (part: T) => Expression): Expression {
  const decided = word === 'or'
  const open: string[] = []
  for (const part of parts) {
    const expression = of(part)
    if (expression === decided) return decided
    if (typeof expression === 'string') open.push(expression)
  }
  if (open.length === 0) return !decided
  return open.length === 1 ? open[0]! : `(${open.join(`%20${word}%20`)})`
}

function within(field: string, type: FieldType, days: number, now: number): string {
  if (type !== 'datetime' && type !== 'date') throw wrong(field, 'within_days is for dates')
  if (!Number.isFinite(days)) throw wrong(field, 'within_days takes a number of days')
  const then = now - days * dayMs
  const [from, to] = then < now ? [then, now] : [now, then]
  return `(${field}%20ge%20${moment(from, type)}%20and%20${field}%20le%20${moment(to, type)})`
}

/** Seconds, since Dataverse keeps no fractions of them. */
function moment(ms: number, type: 'date' | 'datetime'): string {
  const iso = new Date(ms).toISOString()
  return type === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 19)}Z`
}

function typeOf(field: string, table: SourceTable): FieldType {
  const found = table.fields.find((one) => one.name === field)
  if (!found) {
    throw new HubError('field.unknown', `the filter names ${field}, which ${table.name} has not`, { field })
  }
  return found.type
}

const dateForm = /^\d{4}-\d{2}-\d{2}$/
const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})$/

/** A value as OData writes it for a column of this type. */
function literal(value: FilterValue, type: FieldType, field: string): string {
  switch (type) {
    case 'text':
    case 'memo':
      return quoted(String(value))
    case 'boolean':
      if (typeof value === 'boolean') return String(value)
      throw wrong(field, 'true or false was expected')
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'money':
    case 'choice':
      return numeric(value, field)
    case 'guid':
    case 'lookup':
      if (typeof value === 'string' && guidForm.test(value.toLowerCase())) return value.toLowerCase()
      throw wrong(field, 'an id (GUID) was expected')
    case 'date':
      if (typeof value === 'string' && isDate(value)) return value
      throw wrong(field, 'a date such as 2026-01-31 was expected')
    case 'datetime':
      return instant(value, field)
    default:
      throw wrong(field, 'columns of this kind cannot be filtered by')
  }
}

function numeric(value: FilterValue, field: string): string {
  const text = String(value)
  if (typeof value !== 'boolean' && /^-?\d+(\.\d+)?$/.test(text)) return text
  throw wrong(field, 'a number was expected')
}

/** A day that exists: JavaScript reads 30 February as 1 or 2 March. */
function isDate(text: string): boolean {
  if (!dateForm.test(text)) return false
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function instant(value: FilterValue, field: string): string {
  const text = String(value)
  if (isDate(text)) return `${text}T00:00:00Z`
  // Written in UTC, since a plus sign in a query is a blank to some readers.
  if (timeForm.test(text) && isDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)))
    return moment(Date.parse(text), 'datetime')
  throw wrong(field, 'a time such as 2026-01-31T08:00:00Z was expected')
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new HubError('filter.invalid', 'the filter holds half of a surrogate pair')
  return `'${encodeURIComponent(text.replaceAll("'", "''"))}'`
}

/** These functions read `%`, `_` and `[` as wildcards ("Use wildcard characters in conditions for string values"). */
function unwild(text: string): string {
  return text.replace(/[%_[]/g, '[$&]')
}

function wrong(field: string, reason: string): HubError {
  return new HubError('filter.invalid', `the filter on ${field} is not valid: ${reason}`, { field })
}

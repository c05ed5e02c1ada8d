import type { TableScope } from '#connectors/connector.ts'
import {
  booleanText,
  combine,
  dateText,
  daysSpan,
  type Expression,
  filteredType,
  filterRefusal,
  type Joint,
  numberText,
  timeOf,
} from '#connectors/filter-values.ts'
import { systemClock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { FieldType, SourceTable } from '#model/field.ts'
import type { Filter, FilterValue } from '#model/filter.ts'
import { guidForm } from './read-row.ts'

const comparisons = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])
const textFunctions = { contains: 'contains', starts_with: 'startswith', ends_with: 'endswith' } as const
const and: Joint = { text: '%20and%20', decides: false }
const or: Joint = { text: '%20or%20', decides: true }

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
  if ('all' in filter) return combine(filter.all, and, (part) => express(part, table, now))
  if ('any' in filter) return combine(filter.any, or, (part) => express(part, table, now))
  if ('not' in filter) {
    const inner = express(filter.not, table, now)
    return typeof inner === 'boolean' ? !inner : `not%20(${inner})`
  }
  const type = filteredType(filter.field, table)
  if (!('value' in filter)) {
    return `${filter.field}%20${filter.is === 'null' ? 'eq' : 'ne'}%20null`
  }
  if (filter.is === 'in') {
    return combine(filter.value, or, (value) => `${filter.field}%20eq%20${literal(value, type, filter.field)}`)
  }
  if (filter.is === 'within_days') return within(filter.field, type, filter.value, now)
  if (filter.is === 'contains' || filter.is === 'starts_with' || filter.is === 'ends_with') {
    if (type !== 'text' && type !== 'memo') throw filterRefusal(filter.field, `${filter.is} is for texts`)
    return `${textFunctions[filter.is]}(${filter.field},${quoted(unwild(filter.value))})`
  }
  if (!comparisons.has(filter.is)) throw filterRefusal(filter.field, `there is no comparison ${String(filter.is)}`)
  return `${filter.field}%20${filter.is}%20${literal(filter.value, type, filter.field)}`
}

function within(field: string, type: FieldType, days: number, now: number): string {
  const [from, to] = daysSpan(field, type, days, now)
  return `(${field}%20ge%20${moment(from, type)}%20and%20${field}%20le%20${moment(to, type)})`
}

/** Seconds, since Dataverse keeps no fractions of them. */
function moment(ms: number, type: FieldType): string {
  const iso = new Date(ms).toISOString()
  return type === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 19)}Z`
}

/** A value as OData writes it for a column of this type. */
function literal(value: FilterValue, type: FieldType, field: string): string {
  switch (type) {
    case 'text':
    case 'memo':
      return quoted(String(value))
    case 'boolean':
      return booleanText(value, field)
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'money':
    case 'choice':
      return numberText(value, field)
    case 'guid':
    case 'lookup':
      if (typeof value === 'string' && guidForm.test(value.toLowerCase())) return value.toLowerCase()
      throw filterRefusal(field, 'an id (GUID) was expected')
    case 'date':
      return dateText(value, field)
    case 'datetime':
      // Written in UTC, since a plus sign in a query is a blank to some readers.
      return moment(timeOf(value, field), type)
    default:
      throw filterRefusal(field, 'columns of this kind cannot be filtered by')
  }
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new HubError('filter.invalid', 'the filter holds half of a surrogate pair')
  return `'${encodeURIComponent(text.replaceAll("'", "''"))}'`
}

/** These functions read `%`, `_` and `[` as wildcards ("Use wildcard characters in conditions for string values"). */
function unwild(text: string): string {
  return text.replace(/[%_[]/g, '[$&]')
}

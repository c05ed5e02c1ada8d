import type { Filter, FilterValue } from '#model/filter.ts'

const dayMs = 86_400_000

/**
 * Whether a row passes a filter, by the same tree that is sent to the CRM as a query. Text is compared as Dataverse
 * does: without regard to case. A missing value passes nothing but `ne`, `null` and `not`.
 */
export function passes(filter: Filter | null, values: Record<string, unknown>, now: number): boolean {
  if (filter === null) return true
  if ('all' in filter) return filter.all.every((part) => passes(part, values, now))
  if ('any' in filter) return filter.any.some((part) => passes(part, values, now))
  if ('not' in filter) return !passes(filter.not, values, now)
  return passesOne(filter, values[filter.field] ?? null, now)
}

/** Whether rows enter or leave the filter as time goes by, though nobody changes them. */
export function isTimeRelative(filter: Filter | null): boolean {
  if (filter === null) return false
  if ('all' in filter) return filter.all.some(isTimeRelative)
  if ('any' in filter) return filter.any.some(isTimeRelative)
  if ('not' in filter) return isTimeRelative(filter.not)
  return filter.is === 'within_days'
}

type Comparison = Extract<Filter, { field: string }>

function passesOne(filter: Comparison, value: unknown, now: number): boolean {
  switch (filter.is) {
    case 'null':
      return value === null
    case 'not_null':
      return value !== null
    case 'in':
      return filter.value.some((wanted) => order(value, wanted) === 0)
    case 'within_days':
      return isWithinDays(value, filter.value, now)
    case 'contains':
      return folded(value)?.includes(filter.value.toLowerCase()) ?? false
    case 'starts_with':
      return folded(value)?.startsWith(filter.value.toLowerCase()) ?? false
    case 'ends_with':
      return folded(value)?.endsWith(filter.value.toLowerCase()) ?? false
    case 'ne':
      return order(value, filter.value) !== 0
    default:
      return value !== null && holds(filter.is, order(value, filter.value))
  }
}

function holds(is: 'eq' | 'gt' | 'ge' | 'lt' | 'le', compared: number | null): boolean {
  if (compared === null) return false
  if (is === 'eq') return compared === 0
  if (is === 'gt') return compared > 0
  if (is === 'ge') return compared >= 0
  return is === 'lt' ? compared < 0 : compared <= 0
}

const folded = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : null)

/** Null where the two cannot be compared. */
function order(value: unknown, wanted: FilterValue): number | null {
  if (value === null) return null
  if (typeof wanted === 'boolean') return value === wanted ? 0 : 1
  if (typeof wanted === 'number')
    return typeof value === 'number' || typeof value === 'string' ? Number(value) - wanted : null
  const times = [Date.parse(String(value)), Date.parse(wanted)]
  if (/^\d{4}-\d{2}-\d{2}/.test(wanted) && !times.some(Number.isNaN)) return times[0]! - times[1]!
  return compareText(String(value).toLowerCase(), wanted.toLowerCase())
}

const compareText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)

function isWithinDays(value: unknown, days: number, now: number): boolean {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) return false
  const from = days >= 0 ? now - days * dayMs : now
  const to = days >= 0 ? now : now - days * dayMs
  return time >= from && time <= to
}

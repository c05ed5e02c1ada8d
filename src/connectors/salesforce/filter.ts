import type { TableScope } from '#connectors/connector.ts'
import { systemClock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { FieldType, SourceTable } from '#model/field.ts'
import type { Filter, FilterValue } from '#model/filter.ts'
import { kinds } from './draft.ts'
import { longId } from './ids.ts'

const dayMs = 86_400_000

/** A part of a condition; true and false are what an empty `all` and an empty `any` say. */
type Expression = string | boolean

/** The scope's filter and the condition that its table stands for, as SOQL's WHERE has it; null where every row passes. */
export function scopeCondition({ filter, table, at }: TableScope): string | null {
  const parts = [kindCondition(table), filterCondition(filter, table, at ?? systemClock.now())]
  return allOf(parts.filter((part) => part !== null))
}

export const kindCondition = ({ name }: Pick<SourceTable, 'name'>): string | null => kinds[name]?.condition ?? null

/** Conditions that all must hold: SOQL takes AND and OR side by side in parentheses only. */
export function allOf(parts: readonly string[]): string | null {
  return parts.length === 0 ? null : parts.length === 1 ? parts[0]! : parts.map((part) => `(${part})`).join(' AND ')
}

/** The filter in SOQL, or null where it lets every row pass. Times that are relative count back from `now`. */
export function filterCondition(filter: Filter | null, table: SourceTable, now: number): string | null {
  if (filter === null) return null
  const expression = express(filter, { table, now }, true)
  if (expression === true) return null
  // No row is without its id.
  return expression === false ? 'Id = null' : expression
}

interface About {
  table: SourceTable
  /** Milliseconds since the epoch. */
  now: number
}

/** `wanted` false: of what does not pass. Negation goes down to the leaves, where it says what it means for no value. */
function express(filter: Filter, about: About, wanted: boolean): Expression {
  if ('all' in filter) return combine(filter.all, wanted ? 'AND' : 'OR', (part) => express(part, about, wanted))
  if ('any' in filter) return combine(filter.any, wanted ? 'OR' : 'AND', (part) => express(part, about, wanted))
  if ('not' in filter) return express(filter.not, about, !wanted)
  const leaf = condition(filter, about)
  if (wanted) return leaf
  const { field, is } = filter
  if (is === 'null' || is === 'not_null') return `${field} ${is === 'null' ? '!=' : '='} null`
  // What `ne` lets pass without a value, its opposite does not; of the others no value is what does not pass.
  return is === 'ne' ? `${field} = ${literalOf(filter.value, filter, about)}` : `(${field} = null OR (NOT ${leaf}))`
}

function combine(parts: readonly Filter[], word: 'AND' | 'OR', of: (part: Filter) => Expression): Expression {
  const decided = word === 'OR'
  const open: string[] = []
  for (const part of parts) {
    const expression = of(part)
    if (expression === decided) return decided
    if (typeof expression === 'string') open.push(expression)
  }
  if (open.length === 0) return !decided
  return open.length === 1 ? open[0]! : `(${open.join(` ${word} `)})`
}

type Condition = Extract<Filter, { field: string }>
const operators = { eq: '=', ne: '!=', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

function condition(filter: Condition, about: About): string {
  const { field } = filter
  const type = typeOf(field, about.table)
  switch (filter.is) {
    case 'null':
    case 'not_null':
      return `${field} ${filter.is === 'null' ? '=' : '!='} null`
    case 'in':
      return `${field} IN (${filter.value.map((value) => literal(value, type, field)).join(',')})`
    case 'within_days':
      return within(field, type, { days: filter.value, now: about.now })
    case 'contains':
    case 'starts_with':
    case 'ends_with':
      if (type !== 'text') throw wrong(field, `${filter.is} is for texts of up to 255 characters`)
      return `${field} LIKE ${pattern(filter.is, filter.value)}`
    default:
      if (!Object.hasOwn(operators, filter.is)) throw wrong(field, `there is no comparison ${String(filter.is)}`)
      return `${field} ${operators[filter.is]} ${literal(filter.value, type, field)}`
  }
}

const literalOf = (value: FilterValue, { field }: Condition, { table }: About) =>
  literal(value, typeOf(field, table), field)

/** The wildcards are escaped within the quotes, once ("Quoted String Escape Sequences"). */
function pattern(is: 'contains' | 'starts_with' | 'ends_with', text: string): string {
  const plain = quoted(text).slice(1, -1).replace(/[%_]/g, '\\$&')
  return `'${is === 'starts_with' ? '' : '%'}${plain}${is === 'ends_with' ? '' : '%'}'`
}

function within(field: string, type: FieldType, { days, now }: { days: number; now: number }): string {
  if (type !== 'datetime' && type !== 'date') throw wrong(field, 'within_days is for dates')
  if (!Number.isFinite(days)) throw wrong(field, 'within_days takes a number of days')
  const then = now - days * dayMs
  const [from, to] = then < now ? [then, now] : [now, then]
  const text = (ms: number) => (type === 'date' ? new Date(ms).toISOString().slice(0, 10) : moment(ms))
  return `(${field} >= ${text(from)} AND ${field} <= ${text(to)})`
}

/** A time as SOQL writes it. */
export const moment = (ms: number): string => new Date(ms).toISOString()

function typeOf(field: string, table: SourceTable): FieldType {
  const found = table.fields.find((one) => one.name === field)
  if (found) return found.type
  throw new HubError('field.unknown', `the filter names ${field}, which ${table.name} has not`, { field })
}

const dateForm = /^\d{4}-\d{2}-\d{2}$/
const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})$/

/** A value as SOQL writes it for a field of this type. */
function literal(value: FilterValue, type: FieldType, field: string): string {
  switch (type) {
    case 'text':
    case 'choice':
    case 'choices':
      return quoted(String(value))
    case 'boolean':
      if (typeof value === 'boolean') return String(value)
      throw wrong(field, 'true or false was expected')
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'money':
      return numeric(value, field)
    case 'guid':
    case 'lookup': {
      const id = typeof value === 'string' ? longId(value) : null
      if (id) return `'${id}'`
      throw wrong(field, 'an id of 15 or 18 characters was expected')
    }
    case 'date':
      if (typeof value === 'string' && isDate(value)) return value
      throw wrong(field, 'a date such as 2026-01-31 was expected')
    case 'datetime':
      return instant(value, field)
    default:
      throw wrong(field, 'Salesforce does not filter by long texts')
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
  if (timeForm.test(text) && isDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text))) {
    return moment(Date.parse(text))
  }
  throw wrong(field, 'a time such as 2026-01-31T08:00:00Z was expected')
}

const escapes: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A text as SOQL quotes it: nothing in it ends it early. */
export function quoted(text: string): string {
  if (!text.isWellFormed() || text.includes('\0')) {
    throw new HubError('filter.invalid', 'the filter holds a character that no text can hold')
  }
  return `'${text.replace(/[\\'\n\r\t]/g, (character) => escapes[character]!)}'`
}

function wrong(field: string, reason: string): HubError {
  return new HubError('filter.invalid', `the filter on ${field} is not valid: ${reason}`, { field })
}

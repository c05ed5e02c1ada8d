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
import { kinds } from './draft.ts'
import { longId } from './ids.ts'

const and: Joint = { text: ' AND ', decides: false }
const or: Joint = { text: ' OR ', decides: true }

/** The scope's filter and the condition that its table stands for, as SOQL's WHERE has it; null where every row passes. */
export function scopeCondition({ filter, table, at }: TableScope): string | null {
  const parts = [kindCondition(table), filterCondition(filter, table, at ?? systemClock.now())]
  return allOf(parts.filter((part) => part !== null))
}

export const kindCondition = ({ name }: Pick<SourceTable, 'name'>): string | null => kinds[name]?.condition ?? null

/** What tells the object's records that are of other tables of ours; null where all of them are of this one. */
export function otherKindsCondition({ name }: Pick<SourceTable, 'name'>): string | null {
  const own = kinds[name]
  const others = Object.values(kinds).filter((kind) => kind !== own && kind.object === own?.object)
  return others.length === 0 ? null : others.map(({ condition }) => `(${condition})`).join(' OR ')
}

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
  if ('all' in filter) return combine(filter.all, wanted ? and : or, (part) => express(part, about, wanted))
  if ('any' in filter) return combine(filter.any, wanted ? or : and, (part) => express(part, about, wanted))
  if ('not' in filter) return express(filter.not, about, !wanted)
  const leaf = condition(filter, about)
  if (wanted) return leaf
  const { field, is } = filter
  if (is === 'null' || is === 'not_null') return `${field} ${is === 'null' ? '!=' : '='} null`
  // What `ne` lets pass without a value, its opposite does not; of the others no value is what does not pass.
  return is === 'ne' ? `${field} = ${literalOf(filter.value, filter, about)}` : `(${field} = null OR (NOT ${leaf}))`
}

type Condition = Extract<Filter, { field: string }>
const operators = { eq: '=', ne: '!=', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

function condition(filter: Condition, about: About): string {
  const { field } = filter
  const type = filteredType(field, about.table)
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
      if (type !== 'text') throw filterRefusal(field, `${filter.is} is for texts of up to 255 characters`)
      return `${field} LIKE ${pattern(filter.is, filter.value)}`
    default:
      if (!Object.hasOwn(operators, filter.is))
        throw filterRefusal(field, `there is no comparison ${String(filter.is)}`)
      return `${field} ${operators[filter.is]} ${literal(filter.value, type, field)}`
  }
}

const literalOf = (value: FilterValue, { field }: Condition, { table }: About) =>
  literal(value, filteredType(field, table), field)

/** The wildcards are escaped within the quotes, once ("Quoted String Escape Sequences"). */
function pattern(is: 'contains' | 'starts_with' | 'ends_with', text: string): string {
  const plain = quoted(text).slice(1, -1).replace(/[%_]/g, '\\$&')
  return `'${is === 'starts_with' ? '' : '%'}${plain}${is === 'ends_with' ? '' : '%'}'`
}

function within(field: string, type: FieldType, { days, now }: { days: number; now: number }): string {
  const [from, to] = daysSpan(field, type, days, now)
  const text = (ms: number) => (type === 'date' ? new Date(ms).toISOString().slice(0, 10) : moment(ms))
  return `(${field} >= ${text(from)} AND ${field} <= ${text(to)})`
}

/** A time as SOQL writes it. */
export const moment = (ms: number): string => new Date(ms).toISOString()

/** A value as SOQL writes it for a field of this type. */
function literal(value: FilterValue, type: FieldType, field: string): string {
  switch (type) {
    case 'text':
    case 'choice':
    case 'choices':
      return quoted(String(value))
    case 'boolean':
      return booleanText(value, field)
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'money':
      return numberText(value, field)
    case 'guid':
    case 'lookup': {
      const id = typeof value === 'string' ? longId(value) : null
      if (id) return `'${id}'`
      throw filterRefusal(field, 'an id of 15 or 18 characters was expected')
    }
    case 'date':
      return dateText(value, field)
    case 'datetime':
      return moment(timeOf(value, field))
    default:
      throw filterRefusal(field, 'Salesforce does not filter by long texts')
  }
}

const escapes: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A text as SOQL quotes it: nothing in it ends it early. */
export function quoted(text: string): string {
  if (!text.isWellFormed() || text.includes('\0')) {
    throw new HubError('filter.invalid', 'the filter holds a character that no text can hold')
  }
  return `'${text.replace(/[\\'\n\r\t]/g, (character) => escapes[character]!)}'`
}

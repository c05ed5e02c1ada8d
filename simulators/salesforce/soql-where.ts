import { canonicalDateTime, dateTime, millis } from './dates.ts'
import { ApiError } from './errors.ts'
import { longId } from './ids.ts'
import type { Organisation } from './organisation.ts'
import { now } from './organisation.ts'
import { type Path, pathOf } from './paths.ts'
import type { Value } from './schema.ts'
import type { Condition, Literal } from './soql.ts'
import type { Row, Table } from './table.ts'

export type Test = (row: Row) => boolean
type Scope = { org: Organisation; table: Table }

const DAY = 86_400_000

/** A condition as a test of rows. */
export function compile(scope: Scope, condition: Condition): Test {
  switch (condition.kind) {
    case 'and': {
      const tests = condition.parts.map((part) => compile(scope, part))
      return (row) => tests.every((test) => test(row))
    }
    case 'or': {
      const tests = condition.parts.map((part) => compile(scope, part))
      return (row) => tests.some((test) => test(row))
    }
    case 'not': {
      const test = compile(scope, condition.part)
      return (row) => !test(row)
    }
    case 'in':
      return inList(scope, condition)
    default:
      return comparison(scope, condition)
  }
}

function inList(scope: Scope, { field, not, values }: Extract<Condition, { kind: 'in' }>): Test {
  const path = pathOf(scope.org, scope.table, field)
  const wanted = new Set(values.map((v) => folded(operand(path, v))))
  return (row) => wanted.has(folded(path.read(row))) !== not
}

function comparison(scope: Scope, condition: Extract<Condition, { kind: 'compare' }>): Test {
  const { field, operator, value } = condition
  const path = pathOf(scope.org, scope.table, field)
  if (value.kind === 'range') return range(scope.org, path, operator, value.name)
  const wanted = folded(operand(path, value))
  const { read } = path
  switch (operator) {
    case '=':
      return (row) => folded(read(row)) === wanted
    case '!=':
      return (row) => folded(read(row)) !== wanted
    case 'like': {
      const pattern = likePattern(String(wanted))
      return (row) => pattern.test(String(read(row) ?? ''))
    }
    default:
      return ordered(read, operator, wanted)
  }
}

function ordered(read: Path['read'], operator: string, wanted: Value): Test {
  const compare = (accept: (sign: number) => boolean): Test => {
    return (row) => {
      const value = folded(read(row))
      return value !== null && wanted !== null && accept(value < wanted ? -1 : value > wanted ? 1 : 0)
    }
  }
  if (operator === '<') return compare((s) => s < 0)
  if (operator === '<=') return compare((s) => s <= 0)
  if (operator === '>') return compare((s) => s > 0)
  return compare((s) => s >= 0)
}

/** Texts are compared without regard to case; ids keep theirs. */
const folded = (value: Value): Value =>
  typeof value === 'string' && !/^[0-9A-Za-z]{18}$/.test(value) ? value.toLowerCase() : value

function likePattern(text: string): RegExp {
  const escaped = text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[^]*')
    .replaceAll('_', '[^]')
  return new RegExp(`^${escaped}$`, 'iu')
}

const mismatch = (path: Path, sort: string) =>
  new ApiError(
    400,
    'INVALID_FIELD',
    `value of filter criterion for field '${path.field.name}' must be of type ${path.field.type} and should not be enclosed in quotes (${sort})`,
  )

/** The literal as the field keeps its values; its kind must fit the field's type. */
function operand(path: Path, literal: Literal): Value {
  const { type } = path.field
  if (literal.kind === 'null') return null
  if (literal.kind === 'range') throw mismatch(path, 'a range')
  if (type === 'id' || type === 'reference') {
    const id = literal.kind === 'text' ? longId(literal.value) : null
    if (id === null && literal.kind === 'text' && literal.value === '') return null
    if (id === null)
      throw new ApiError(
        400,
        'INVALID_QUERY_FILTER_OPERATOR',
        `invalid ID field: ${'value' in literal ? literal.value : ''}`,
      )
    return id
  }
  const wanted = {
    boolean: ['boolean'],
    datetime: ['datetime'],
    date: ['date'],
    int: ['number'],
    double: ['number'],
    currency: ['number'],
    percent: ['number'],
  }[type as string] ?? ['text']
  if (!wanted.includes(literal.kind)) throw mismatch(path, literal.kind)
  if (literal.kind === 'datetime') return canonicalDateTime(literal.value)
  // An empty text is stored as none.
  return literal.value === '' ? null : literal.value
}

function range(org: Organisation, path: Path, operator: string, name: string): Test {
  const [word = '', count = '0'] = name.split(':')
  const today = Math.floor(now(org) / DAY) * DAY
  const n = Number(count)
  const [from, to] = {
    TODAY: [0, 1],
    YESTERDAY: [-1, 0],
    TOMORROW: [1, 2],
    LAST_N_DAYS: [-n, 1],
    NEXT_N_DAYS: [1, n + 1],
  }[word] as [number, number]
  const text = (days: number) =>
    path.field.type === 'date' ? dateTime(today + days * DAY).slice(0, 10) : dateTime(today + days * DAY)
  const [start, end] = [text(from), text(to)]
  const tests: Record<string, (v: string) => boolean> = {
    '=': (v) => v >= start && v < end,
    '!=': (v) => v < start || v >= end,
    '<': (v) => v < start,
    '<=': (v) => v < end,
    '>': (v) => v >= end,
    '>=': (v) => v >= start,
  }
  const test = tests[operator]!
  return (row) => {
    const value = path.read(row)
    return typeof value === 'string' && test(value)
  }
}

/** Rows before this moment cannot fulfil the condition: where a scan by SystemModstamp begins. */
export function earliestStamp(condition: Condition | null): number {
  if (condition === null) return Number.NEGATIVE_INFINITY
  if (condition.kind === 'and') return Math.max(...condition.parts.map(earliestStamp))
  if (condition.kind === 'or') return Math.min(...condition.parts.map(earliestStamp))
  if (condition.kind !== 'compare' || condition.field.toLowerCase() !== 'systemmodstamp')
    return Number.NEGATIVE_INFINITY
  if (condition.value.kind !== 'datetime' || !['>', '>=', '='].includes(condition.operator))
    return Number.NEGATIVE_INFINITY
  return millis(condition.value.value)
}

/** The ids that a condition names, where only rows of these ids can fulfil it. */
export function namedIds(condition: Condition | null): string[] | null {
  if (condition === null) return null
  if (condition.kind === 'and') return condition.parts.map(namedIds).find((ids) => ids !== null) ?? null
  if ((condition.kind !== 'in' && condition.kind !== 'compare') || condition.field.toLowerCase() !== 'id') return null
  const values =
    condition.kind === 'in'
      ? condition.not
        ? []
        : condition.values
      : condition.operator === '='
        ? [condition.value]
        : []
  if (values.length === 0) return null
  return values.flatMap((v) => (v.kind === 'text' ? (longId(v.value) ?? []) : []))
}

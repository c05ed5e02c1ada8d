import { odata } from './errors.ts'
import type { Comparison, Filter, Literal } from './odata-filter.ts'
import type { AttributeType, Value } from './schema.ts'

/** Where a filter's path leads: how to read it and what it holds. */
export type Property<R> = { read: (row: R) => Value; edm: Edm }
export type Edm = 'Edm.String' | 'Edm.Guid' | 'Edm.Boolean' | 'Edm.Number' | 'Edm.DateTimeOffset' | 'Edm.Date' | 'enum'
export type Resolve<R> = (path: string) => Property<R>

export function edmOf(type: AttributeType): Edm {
  if (type === 'Uniqueidentifier' || type === 'Lookup' || type === 'Customer' || type === 'Owner') return 'Edm.Guid'
  if (type === 'String' || type === 'Memo' || type === 'MultiSelectPicklist') return 'Edm.String'
  if (type === 'Boolean') return 'Edm.Boolean'
  if (type === 'DateTime') return 'Edm.DateTimeOffset'
  if (type === 'DateOnly') return 'Edm.Date'
  return 'Edm.Number'
}

/** A filter as a test of rows. Types are checked as strictly as the service does. */
export function compileFilter<R>(filter: Filter, resolve: Resolve<R>): (row: R) => boolean {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const left = compileFilter(filter.left, resolve)
      const right = compileFilter(filter.right, resolve)
      return filter.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row)
    }
    case 'not': {
      const inner = compileFilter(filter.inner, resolve)
      return (row) => !inner(row)
    }
    case 'match': {
      const { read } = resolve(filter.path)
      const wanted = filter.value.toLowerCase()
      const test = MATCHERS[filter.name]
      return (row) => {
        const value = read(row)
        return value !== null && test(String(value).toLowerCase(), wanted)
      }
    }
    case 'in': {
      const { read } = resolve(filter.path)
      const wanted = new Set(filter.values.map((v) => v.toLowerCase()))
      return (row) => wanted.has(String(read(row)).toLowerCase())
    }
    case 'compare':
      return compare(filter.op, resolve(filter.path), filter.literal)
  }
}

const MATCHERS = {
  contains: (value: string, wanted: string) => value.includes(wanted),
  startswith: (value: string, wanted: string) => value.startsWith(wanted),
  endswith: (value: string, wanted: string) => value.endsWith(wanted),
}

const ACCEPTED: Record<Edm, Literal['type'][]> = {
  'Edm.String': ['string'],
  'Edm.Guid': ['guid'],
  'Edm.Boolean': ['boolean'],
  'Edm.Number': ['number'],
  'Edm.DateTimeOffset': ['date'],
  'Edm.Date': ['date'],
  enum: ['string', 'number'],
}

const NAMES = {
  string: 'Edm.String',
  number: 'Edm.Int32',
  boolean: 'Edm.Boolean',
  guid: 'Edm.Guid',
  date: 'Edm.DateTimeOffset',
}

function compare<R>(op: Comparison, property: Property<R>, literal: Literal): (row: R) => boolean {
  const { read, edm } = property
  if (literal.type === 'null')
    return op === 'eq' ? (row) => read(row) === null : (row) => op === 'ne' && read(row) !== null
  if (!ACCEPTED[edm].includes(literal.type))
    throw odata(
      `A binary operator with incompatible types was detected. Found operand types '${edm}' and '${NAMES[literal.type]}' for operator kind '${KINDS[op]}'.`,
    )
  const order = ordering(edm, literal)
  const test = TESTS[op]
  return (row) => {
    const value = read(row)
    // SQL as the service writes it: `ne` takes rows without a value too.
    return value === null ? op === 'ne' : test(order(value))
  }
}

const KINDS = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
}
const TESTS: Record<Comparison, (order: number) => boolean> = {
  eq: (o) => o === 0,
  ne: (o) => o !== 0,
  gt: (o) => o > 0,
  ge: (o) => o >= 0,
  lt: (o) => o < 0,
  le: (o) => o <= 0,
}

type Valued = Exclude<Literal, { type: 'null' }>

function ordering(edm: Edm, literal: Valued): (value: Value) => number {
  if (edm === 'Edm.Number') {
    const wanted = String(literal.value)
    const exact = /^-?\d{16,}$/.test(wanted) ? BigInt(wanted) : null
    return (value) =>
      exact !== null && /^-?\d+$/.test(String(value))
        ? order(BigInt(String(value)), exact)
        : order(Number(value), Number(wanted))
  }
  if (edm === 'Edm.DateTimeOffset') {
    const wanted = Date.parse(String(literal.value))
    return (value) => order(Date.parse(String(value)), wanted)
  }
  if (edm === 'Edm.Boolean') return (value) => order(Number(value), Number(literal.value))
  // The database compares text without case.
  const wanted = String(literal.value).toLowerCase()
  return (value) => order(String(value).toLowerCase(), wanted)
}

const order = <T extends number | string | bigint>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)

/** The only values that a column can have in a row that passes, or null where the filter does not tell. */
export function onlyValues(filter: Filter, path: string): Set<string> | null {
  if (filter.kind === 'compare')
    return filter.path === path && filter.op === 'eq' && filter.literal.type !== 'null'
      ? new Set([String(filter.literal.value).toLowerCase()])
      : null
  if (filter.kind === 'in') return filter.path === path ? new Set(filter.values.map((v) => v.toLowerCase())) : null
  if (filter.kind === 'and') return onlyValues(filter.left, path) ?? onlyValues(filter.right, path)
  if (filter.kind === 'or') {
    const left = onlyValues(filter.left, path)
    const right = left && onlyValues(filter.right, path)
    return left && right ? new Set([...left, ...right]) : null
  }
  return null
}

/** The lowest value that a row must have to pass (`ge`, `gt`, `eq`), or null. */
export function lowerBound(filter: Filter, path: string): string | null {
  if (filter.kind === 'compare')
    return filter.path === path && /^(ge|gt|eq)$/.test(filter.op) && filter.literal.type !== 'null'
      ? String(filter.literal.value)
      : null
  if (filter.kind !== 'and') return null
  return lowerBound(filter.left, path) ?? lowerBound(filter.right, path)
}

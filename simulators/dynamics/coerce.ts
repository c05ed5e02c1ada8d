import { payload, ServiceError, validation } from './errors.ts'
import { isDigits, type Json } from './json-body.ts'
import type { Column, Value } from './schema.ts'
import type { Table } from './table.ts'

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** One value of a payload as the column keeps it, or the service's refusal. */
export function coerce(table: Table, column: Column, value: Json): Value {
  if (value === null) return null
  switch (column.type) {
    case 'String':
    case 'Memo':
      return text(table, column, value)
    case 'Boolean':
      if (typeof value === 'boolean') return value
      throw cannot(table, value, 'Edm.Boolean')
    case 'DateTime':
      return dateTime(table, value)
    case 'DateOnly':
      return dateOnly(table, value)
    case 'Uniqueidentifier':
      if (typeof value === 'string' && GUID.test(value)) return value.toLowerCase()
      throw cannot(table, value, 'Edm.Guid')
    case 'MultiSelectPicklist':
      return options(table, column, value)
    case 'Picklist':
    case 'State':
    case 'Status':
      return option(table, column, value)
    default:
      return number(table, column, value)
  }
}

function cannot(table: Table, value: Json, type: string): ServiceError {
  const shown = isDigits(value) ? value.digits : typeof value === 'string' ? value : JSON.stringify(value)
  return payload(
    table.definition.set,
    `Microsoft.OData.ODataException: Cannot convert the literal '${shown.slice(0, 100)}' to the expected type '${type}'.`,
  )
}

/** What XML 1.0 cannot carry: most control characters, lone surrogates and two non-characters. */
function isInvalid(value: string): boolean {
  if (!value.isWellFormed()) return true
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code >= 0xfffe) return true
  }
  return false
}

function text(table: Table, column: Column, value: Json): string {
  if (typeof value !== 'string') throw cannot(table, value, 'Edm.String')
  if (isInvalid(value))
    throw new ServiceError(400, '0x80040278', `The field '${column.name}' contains one or more invalid characters.`)
  const limit = column.maxLength ?? 100
  if (value.length > limit)
    throw validation(
      `The length of the '${column.name}' attribute of the '${table.definition.logical}' entity exceeded the maximum allowed length of '${limit}'.`,
    )
  // A text that is exactly a date loses its fraction of a second: seen in the service.
  return value.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z$/, '$1Z')
}

function dateTime(table: Table, value: Json): string {
  const [, day, rest] =
    typeof value === 'string'
      ? (/^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.exec(value) ?? [])
      : []
  const at = day && isDay(day) ? Date.parse(rest ? (value as string) : `${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(at)) throw cannot(table, value, 'Edm.DateTimeOffset')
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

function dateOnly(table: Table, value: Json): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && isDay(value)) return value
  throw cannot(table, value, 'Edm.Date')
}

/** Rejects 30 February: `Date` would roll it over. */
function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

function option(table: Table, column: Column, value: Json): number {
  if (!isDigits(value) || !/^-?\d+$/.test(value.digits)) throw cannot(table, value, 'Edm.Int32')
  const number = Number(value.digits)
  const accepted = (column.options ?? []).map((o) => o.value)
  if (!accepted.includes(number))
    throw validation(
      `The value '${number}' of '${column.name}' on record of type '${table.definition.logical}' is outside the valid range. Accepted Values: ${accepted.join(',')}`,
      '0x8004431a',
    )
  return number
}

/** Choices travel as a text of numbers ("Use choices columns to store multiple options"): a list is none. */
function options(table: Table, column: Column, value: Json): string | null {
  if (typeof value !== 'string') throw cannot(table, value, 'Edm.String')
  const given = value.split(',').map((part) => part.trim())
  if (value.trim() === '') return null
  const chosen = given.map((digits) => option(table, column, { digits } as Json))
  return [...new Set(chosen)].sort((a, b) => a - b).join(',')
}

const INT_MAX = 2_147_483_647

function number(table: Table, column: Column, value: Json): Value {
  const edm =
    { Integer: 'Edm.Int32', BigInt: 'Edm.Int64', Double: 'Edm.Double' }[column.type as string] ?? 'Edm.Decimal'
  if (!isDigits(value)) throw cannot(table, value, edm)
  const { digits } = value
  const whole = /^-?\d+$/.test(digits)
  if (column.type === 'Integer') {
    if (!whole || Math.abs(Number(digits)) > INT_MAX) throw cannot(table, value, edm)
    return Number(digits)
  }
  if (column.type === 'BigInt') {
    if (!whole || BigInt.asIntN(64, BigInt(digits)) !== BigInt(digits)) throw cannot(table, value, edm)
    return digits
  }
  if (column.type === 'Double') return Number(digits)
  return scaled(digits, column.type === 'Money' ? 4 : 10)
}

/** A decimal with a fixed number of digits after the point, without going through a double. */
function scaled(digits: string, scale: number): string {
  if (/[eE]/.test(digits)) return Number(digits).toFixed(scale)
  const [whole = '0', part = ''] = digits.split('.')
  return `${whole}.${part.slice(0, scale).padEnd(scale, '0')}`
}

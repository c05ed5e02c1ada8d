import type { TableScope } from '#connectors/connector.ts'
import { refuseUnstorable } from '#connectors/row-values.ts'
import { HubError } from '#core/errors.ts'
import { exactDigits } from '#core/exact-json.ts'
import type { SourceField } from '#model/field.ts'
import type { Mark } from '#model/mark.ts'
import type { RawRow, SourceRow } from '#model/reading.ts'
import type { TableRequest, TimeFormat } from './definition.ts'
import { stepsOf, valueAt } from './paths.ts'
import { idOf, rowId, takeValues } from './row-values.ts'
import { readTime } from './times.ts'

export const requestOf = (scope: Pick<TableScope, 'table'>) => scope.table.request as TableRequest

/**
 * A row of the list, or one read by its id: flattened to the columns that are copied, each under its path, so that both
 * come to the same text however the API dresses them. Throws record.invalid.
 */
export function readRow(scope: TableScope, raw: RawRow): SourceRow {
  const table = requestOf(scope)
  const given = takeValues(raw)
  const sourceId = idOf(table, given)
  if (sourceId === null) {
    throw new HubError('record.invalid', `a row of ${scope.table.name} has no id`, { field: table.id })
  }
  const { columns, blank } = columnsOf(scope)
  const values = { ...blank }
  const exact: [string, unknown][] = []
  for (const column of columns) {
    const { path } = column
    const value = path === table.id ? sourceId : fit(columnValue(given, column), column)
    const number = plain(value)
    values[path] = number
    if (number !== value) exact.push([path, value])
  }
  const kept = exact.length === 0 ? values : { ...values }
  for (const [path, value] of exact) kept[path] = value
  const text = JSON.stringify(kept)
  refuseUnstorable(text, values, `${scope.table.name} ${sourceId}`)
  return { sourceId, mark: markOf(table, given), values, raw: Buffer.from(text) }
}

export function readId(scope: TableScope, raw: RawRow): string | null {
  return rowId(requestOf(scope), raw)
}

interface Column {
  path: string
  /** The row's own member of this name is meant, and no other. */
  isMember: boolean
  steps: readonly (string | number)[]
  type: SourceField['type']
  format: TimeFormat
}

interface Columns {
  columns: Column[]
  /** A row of nothing, to be filled: members that are there from the start are filled faster than they are added. */
  blank: Record<string, unknown>
}

const known = new WeakMap<readonly string[], Columns>()

/** In one order, so that the same record is the same text. */
function columnsOf({ table, columns }: TableScope): Columns {
  const found = known.get(columns)
  if (found) return found
  const { fields = [], id } = table.request as TableRequest
  const paths = [...new Set([id, ...columns])].sort()
  const made: Columns = {
    columns: paths.map((path) => ({
      path,
      isMember: stepsOf(path).length === 1 && stepsOf(path)[0] === path && !(path in Object.prototype),
      steps: stepsOf(path),
      type: table.fields.find((field) => field.name === path)?.type ?? 'other',
      format: fields.find((field) => field.path === path)?.format ?? 'iso',
    })),
    blank: Object.fromEntries(paths.map((path) => [path, null])),
  }
  known.set(columns, made)
  return made
}

const columnValue = (given: Record<string, unknown>, { path, isMember, steps }: Column) =>
  isMember ? given[path] : valueAt(given, path, steps)

/** A value as its column's type has it; what does not fit is left as it is, for the check of the row to name. */
function fit(value: unknown, { type, format }: Column): unknown {
  if (value === undefined || value === null) return null
  if (value === '' && type !== 'text' && type !== 'memo' && type !== 'other') return null
  switch (type) {
    case 'text':
    case 'memo':
    case 'lookup':
      return textOf(value)
    case 'boolean':
      return booleanOf(value)
    case 'date':
      return readTime(plain(value), format)?.slice(0, 10) ?? value
    case 'datetime':
      return readTime(plain(value), format) ?? value
    default:
      return value
  }
}

function textOf(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return exactDigits(value) ?? value
}

function booleanOf(value: unknown): unknown {
  if (value === 1 || value === '1' || value === 'true') return true
  return value === 0 || value === '0' || value === 'false' ? false : value
}

/** A number kept to the digit as JavaScript holds it. */
function plain(value: unknown): unknown {
  const digits = exactDigits(value)
  return digits === undefined ? value : Number(digits)
}

/** Null where the record has no version; what cannot be one is told. */
export function markOf(table: TableRequest, values: Record<string, unknown>): Mark | null {
  const { version } = table
  if (!version) return null
  const value = valueAt(values, version.path)
  if (value === undefined || value === null) return null
  const number = version.format === 'integer' ? wholeOf(value) : millisecondsOf(value, version.format)
  if (number !== null) return [number]
  throw new HubError('record.invalid', `its version is no ${version.format === 'integer' ? 'number' : 'time'}`, {
    field: version.path,
  })
}

function wholeOf(value: unknown): bigint | null {
  const text = exactDigits(value) ?? String(value)
  if (!/^\d{1,19}$/.test(text)) return null
  const number = BigInt(text)
  return number <= 0x7fffffffffffffffn ? number : null
}

function millisecondsOf(value: unknown, format: TimeFormat): bigint | null {
  const time = readTime(plain(value), format)
  return time === null ? null : BigInt(Date.parse(time))
}

import { parseRow } from '#connectors/row-values.ts'
import { parseExact } from '#core/exact-json.ts'
import { canonicalSourceId } from '#core/ids.ts'
import type { RawRow } from '#model/reading.ts'
import type { TableRequest } from './definition.ts'
import { isObject, valueAt } from './paths.ts'

const parsed = Symbol('parsed')

// On the row itself: a WeakMap of all rows that wait to be stored holds up each collection of young garbage.
type ParsedRow = RawRow & { [parsed]?: Record<string, unknown> | undefined }

/** A row's members, its numbers to the digit; throws record.invalid. Parsed once, until they are taken. */
export function valuesOf(raw: ParsedRow): Record<string, unknown> {
  raw[parsed] ??= parseRow(raw.toString(), parseExact)
  return raw[parsed]
}

/** The same for the last who asks: a page's rows wait to be stored, and their members need not. */
export function takeValues(raw: ParsedRow): Record<string, unknown> {
  const known = raw[parsed]
  if (known === undefined) return parseRow(raw.toString(), parseExact)
  raw[parsed] = undefined
  return known
}

const longestId = 200

/** The row's own id as text; null where it has none that can be one. */
export function idOf(table: TableRequest, values: Record<string, unknown>): string | null {
  return asId(valueAt(values, table.id))
}

export function asId(value: unknown): string | null {
  const text = typeof value === 'number' || isObject(value) ? digitsOf(value) : value
  if (typeof text !== 'string' || !isId(text)) return null
  // One spelling for GUIDs, which APIs write in either case.
  return canonicalSourceId(text)
}

const plainId = /^[\w-]{1,200}$/

/** `.` and `..` would lead elsewhere in an address, and control characters stand in no id. */
export const isId = (text: string) => plainId.test(text) || isOddId(text)

const isOddId = (text: string) =>
  text !== '' && text.length <= longestId && !/^\.{1,2}$/.test(text) && !/\p{Cc}/u.test(text) && text.isWellFormed()

/** A whole number's digits as they were written. */
function digitsOf(value: unknown): string | null {
  const text = JSON.stringify(value)
  return /^-?\d+$/.test(text) ? text : null
}

/** The id of a row that may break the model in any other way. */
export function rowId(table: TableRequest, raw: RawRow): string | null {
  try {
    return idOf(table, valuesOf(raw))
  } catch {
    return null
  }
}

const longestFront = 64
const plainMember = /^\{"(\w+)":(?:"([\w-]+)"|([1-9]\d{0,14}))[,}]/

/**
 * To tell rows apart: the id where it stands in front, as it mostly does, without parsing the row. A page's rows wait to
 * be stored, and what was made of them would be copied about by each collection of garbage until then.
 */
export function idInFront(table: TableRequest, raw: RawRow): string | null {
  const [, name, text, number] = plainMember.exec(raw.toString('latin1', 0, longestFront)) ?? []
  return name === table.id ? canonicalSourceId(text ?? number!) : rowId(table, raw)
}

/** Whether the API says of the row itself that it is deleted. */
export function isDeleted(table: TableRequest, raw: RawRow): boolean {
  if (!table.deleted) return false
  try {
    return table.deleted.values.includes(valueAt(valuesOf(raw), table.deleted.path) as never)
  } catch {
    return false
  }
}

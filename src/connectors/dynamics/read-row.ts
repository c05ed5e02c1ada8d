import type { TableScope } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import type { Mark } from '#model/mark.ts'
import type { RawRow, SourceRow } from '#model/reading.ts'

export const guidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

// NUL and the surrogates as JSON writes them; a blunt first look, since they are rare.
const suspectEscape = /\\u(?:0000|[dD][89a-fA-F])/
const versionText = /"versionnumber"\s*:\s*"?(\d{1,20})/

/** One row of a page; throws `record.invalid` naming the field where it cannot become a record. */
export function readRow(scope: TableScope, raw: RawRow): SourceRow {
  const text = raw.toString()
  const values = parseRow(text)
  const sourceId = sourceIdOf(values, scope.table.idField)
  if (sourceId === null) {
    throw new HubError('record.invalid', `a row of ${scope.table.name} has no valid id`, { field: scope.table.idField })
  }
  if (text.includes('\\u') && suspectEscape.test(text)) refuseUnstorable(values, scope.table.name, sourceId)
  const mark = markOf(values, text)
  if (mark === null) {
    throw new HubError('record.invalid', `${scope.table.name} ${sourceId} has no version`, { field: 'versionnumber' })
  }
  return { sourceId, mark, values, raw }
}

/** The id alone, of a row that may break the model in any other way. */
export function readId(scope: TableScope, raw: RawRow): string | null {
  const id = new RegExp(`"${scope.table.idField}"\\s*:\\s*"([0-9a-fA-F-]{36})"`).exec(raw.toString())?.[1]
  return id === undefined ? null : sourceIdOf({ id }, 'id')
}

function parseRow(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Rows are checked when they are cut out of their page, so this text came another way.
    throw new HubError('record.invalid', 'the row is not valid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HubError('record.invalid', 'the row is no object')
  }
  return value as Record<string, unknown>
}

export function sourceIdOf(values: Record<string, unknown>, idField: string): string | null {
  const id = values[idField]
  if (typeof id !== 'string') return null
  if (guidForm.test(id)) return id
  const lower = id.toLowerCase()
  return guidForm.test(lower) ? lower : null
}

/** The row's version; read from the text where a number is too large for JavaScript. */
export function markOf(values: Record<string, unknown>, text: string): Mark | null {
  const version = values.versionnumber
  if (typeof version === 'number' && Number.isSafeInteger(version) && version >= 0) return [BigInt(version)]
  if (typeof version === 'string' && /^\d{1,20}$/.test(version)) return storable(version)
  if (typeof version === 'number' && version > Number.MAX_SAFE_INTEGER) {
    return storable(versionText.exec(text)?.[1])
  }
  return null
}

// Marks are kept as bigint; a SQL rowversion that is larger does not occur.
function storable(digits: string | undefined): Mark | null {
  if (digits === undefined) return null
  const version = BigInt(digits)
  return version <= 0x7fffffffffffffffn ? [version] : null
}

/** Postgres keeps neither NUL nor half a surrogate pair, and putting something in their place would be a silent change. */
function refuseUnstorable(values: Record<string, unknown>, table: string, sourceId: string): void {
  for (const [field, value] of Object.entries(values)) {
    const reason = unstorable(field) ?? unstorable(value)
    if (reason === undefined) continue
    const name = field.toWellFormed().replaceAll('\0', '\ufffd')
    throw new HubError('record.invalid', `${table} ${sourceId}: ${name} holds ${reason}`, { field: name })
  }
}

function unstorable(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0')) return 'a NUL character'
    return value.isWellFormed() ? undefined : 'half of a surrogate pair'
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const reason = unstorable(key) ?? unstorable(member)
    if (reason !== undefined) return reason
  }
  return undefined
}

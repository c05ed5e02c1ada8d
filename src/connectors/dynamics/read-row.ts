import type { TableScope } from '#connectors/connector.ts'
import { parseRow, refuseUnstorable } from '#connectors/row-values.ts'
import { HubError } from '#core/errors.ts'
import type { Mark } from '#model/mark.ts'
import type { RawRow, SourceRow } from '#model/reading.ts'
import { partiesName, readParties } from './parties.ts'

export const guidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const versionText = /"versionnumber"\s*:\s*"?(\d{1,20})/

/** One row of a page; throws `record.invalid` naming the field where it cannot become a record. */
export function readRow(scope: TableScope, raw: RawRow): SourceRow {
  const text = raw.toString()
  const values = parseRow(text)
  const sourceId = sourceIdOf(values, scope.table.idField)
  if (sourceId === null) {
    throw new HubError('record.invalid', `a row of ${scope.table.name} has no valid id`, { field: scope.table.idField })
  }
  refuseUnstorable(text, values, `${scope.table.name} ${sourceId}`)
  const mark = markOf(values, text)
  if (mark === null) {
    throw new HubError('record.invalid', `${scope.table.name} ${sourceId} has no version`, { field: 'versionnumber' })
  }
  const parties = partiesName(scope.table)
  if (Object.hasOwn(values, parties)) values[parties] = readParties(values[parties])
  return { sourceId, mark, values, raw }
}

/** The id alone, of a row that may break the model in any other way. */
export function readId(scope: TableScope, raw: RawRow): string | null {
  const id = new RegExp(`"${scope.table.idField}"\\s*:\\s*"([0-9a-fA-F-]{36})"`).exec(raw.toString())?.[1]
  return id === undefined ? null : sourceIdOf({ id }, 'id')
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

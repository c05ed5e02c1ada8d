import type { TableScope } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import type { Mark } from '#model/mark.ts'
import type { RawRow, SourceRow } from '#model/reading.ts'
import { longId } from './ids.ts'

// NUL and the surrogates as JSON writes them; a blunt first look, since they are rare.
const suspectEscape = /\\u(?:0000|[dD][89a-fA-F])/

/** One row of a page; throws `record.invalid` naming the field where it cannot become a record. */
export function readRow({ table }: TableScope, raw: RawRow): SourceRow {
  const text = raw.toString()
  const values = parseRow(text)
  const sourceId = typeof values.Id === 'string' ? longId(values.Id) : null
  if (sourceId === null) {
    throw new HubError('record.invalid', `a row of ${table.name} has no valid id`, { field: 'Id' })
  }
  if (suspectEscape.test(text)) refuseUnstorable(values, table.name, sourceId)
  const mark = markOf(values)
  if (mark !== null) return { sourceId, mark, values, raw }
  throw new HubError('record.invalid', `${table.name} ${sourceId} has no version`, { field: 'SystemModstamp' })
}

/** The id alone, of a row that may break the model in any other way. */
export function readId(_scope: TableScope, raw: RawRow): string | null {
  const id = /"Id"\s*:\s*"(\w{15,18})"/.exec(raw.toString('latin1'))?.[1]
  return id === undefined ? null : longId(id)
}

function parseRow(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Rows are checked when they are cut out of their page, so this text came another way.
    throw new HubError('record.invalid', 'the row is not valid JSON')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new HubError('record.invalid', 'the row is no object')
}

/** When the row last changed, by the organisation's clock, in milliseconds: later is higher. */
export function markOf({ SystemModstamp }: Record<string, unknown>): Mark | null {
  const time = typeof SystemModstamp === 'string' ? Date.parse(SystemModstamp) : Number.NaN
  return Number.isNaN(time) || time < 0 ? null : [BigInt(time)]
}

/** Postgres keeps neither NUL nor half a surrogate pair, and putting something in their place would be a silent change. */
function refuseUnstorable(values: Record<string, unknown>, table: string, sourceId: string): void {
  for (const [field, value] of Object.entries(values)) {
    if (typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))) continue
    const reason = value.includes('\0') ? 'a NUL character' : 'half of a surrogate pair'
    throw new HubError('record.invalid', `${table} ${sourceId}: ${field} holds ${reason}`, { field })
  }
}

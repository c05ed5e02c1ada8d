import type { TableScope } from '#connectors/connector.ts'
import { parseRow, refuseUnstorable } from '#connectors/row-values.ts'
import { HubError } from '#core/errors.ts'
import type { Mark } from '#model/mark.ts'
import type { RawRow, SourceRow } from '#model/reading.ts'
import { longId } from './ids.ts'

/** One row of a page; throws `record.invalid` naming the field where it cannot become a record. */
export function readRow({ table }: TableScope, raw: RawRow): SourceRow {
  const text = raw.toString()
  const values = parseRow(text)
  const sourceId = typeof values.Id === 'string' ? longId(values.Id) : null
  if (sourceId === null) {
    throw new HubError('record.invalid', `a row of ${table.name} has no valid id`, { field: 'Id' })
  }
  refuseUnstorable(text, values, `${table.name} ${sourceId}`)
  const mark = markOf(values)
  if (mark !== null) return { sourceId, mark, values, raw }
  throw new HubError('record.invalid', `${table.name} ${sourceId} has no version`, { field: 'SystemModstamp' })
}

/** The id alone, of a row that may break the model in any other way. */
export function readId(_scope: TableScope, raw: RawRow): string | null {
  const id = /"Id"\s*:\s*"(\w{15,18})"/.exec(raw.toString('latin1'))?.[1]
  return id === undefined ? null : longId(id)
}

/** When the row last changed, by the organisation's clock, in milliseconds: later is higher. */
export function markOf({ SystemModstamp }: Record<string, unknown>): Mark | null {
  const time = typeof SystemModstamp === 'string' ? Date.parse(SystemModstamp) : Number.NaN
  return Number.isNaN(time) || time < 0 ? null : [BigInt(time)]
}

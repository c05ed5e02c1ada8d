import type { CrmSession } from '#connectors/call.ts'
import type { MarkPage, PageOptions, TableScope } from '#connectors/connector.ts'
import { isHubError } from '#core/errors.ts'
import type { Mark } from '#model/mark.ts'
import type { RawRow } from '#model/reading.ts'
import type { TableRequest } from './definition.ts'
import { firstLink, readListPage } from './pages.ts'
import { markOf } from './read-row.ts'
import { isDeleted, rowId, valuesOf } from './row-values.ts'

export const firstMarkLink = (scope: TableScope) => firstLink(scope, { kind: 'query' })

/** The API lists whole records or nothing: ids and versions cost as much as the records. */
export async function readMarks(
  session: CrmSession,
  _scope: TableScope,
  link: string,
  options: PageOptions,
): Promise<MarkPage> {
  const { table, rows, next, answeredAt } = await readListPage(session, link, options)
  const entries: MarkPage['entries'] = []
  for (const raw of rows) {
    const sourceId = rowId(table, raw)
    // A row without an id can be no record of ours; the reading of rows parks and names it.
    if (sourceId !== null && !isDeleted(table, raw)) entries.push({ sourceId, mark: readableMark(table, raw) })
  }
  return { entries, next, asOf: answeredAt }
}

function readableMark(table: TableRequest, raw: RawRow): Mark | null {
  try {
    return markOf(table, valuesOf(raw))
  } catch (error) {
    if (isHubError(error, 'record.invalid')) return null
    throw error
  }
}

import type { CrmSession } from '#connectors/call.ts'
import type { MarkPage, PageOptions, TableScope } from '#connectors/connector.ts'
import { scopeQuery } from './filter.ts'
import { askPage, preferences, query } from './pages.ts'
import { markOf, sourceIdOf } from './read-row.ts'

export function firstMarkLink(scope: TableScope): string {
  return query(scope, {
    select: [scope.table.idField, 'versionnumber'],
    filter: scopeQuery(scope),
    orderBy: `${scope.table.idField}%20asc`,
  })
}

export async function readMarks(
  session: CrmSession,
  scope: TableScope,
  link: string,
  options: PageOptions,
): Promise<MarkPage> {
  const { rows, next, asOf } = await askPage(session, link, {
    what: `to list the versions of ${scope.table.name}`,
    headers: preferences(null, options.pageSize),
    walk: null,
    lane: options.lane,
    ...(options.signal ? { signal: options.signal } : {}),
  })
  const entries: MarkPage['entries'] = []
  for (const raw of rows) {
    const text = raw.toString()
    const values: unknown = JSON.parse(text)
    if (typeof values !== 'object' || values === null) continue
    const sourceId = sourceIdOf(values as Record<string, unknown>, scope.table.idField)
    // A row without an id can be no record of ours; the reading of rows parks and names it.
    if (sourceId !== null) entries.push({ sourceId, mark: markOf(values as Record<string, unknown>, text) })
  }
  return { entries, next, asOf }
}

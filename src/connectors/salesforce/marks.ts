import type { CrmSession } from '#connectors/call.ts'
import type { MarkPage, PageOptions, TableScope } from '#connectors/connector.ts'
import { longId } from './ids.ts'
import { questionOf, readRows } from './pages.ts'
import { fromLink, toLink } from './question.ts'
import { markOf } from './read-row.ts'

export function firstMarkLink(scope: TableScope): string {
  return toLink({ ...questionOf(scope), select: ['Id', 'SystemModstamp'], types: 'td' })
}

export async function readMarks(
  session: CrmSession,
  _scope: TableScope,
  link: string,
  options: PageOptions,
): Promise<MarkPage> {
  const { rows, next, asOf } = await readRows(session, fromLink(link), options)
  const entries: MarkPage['entries'] = []
  for (const raw of rows) {
    const values = JSON.parse(raw.toString()) as Record<string, unknown>
    const sourceId = typeof values.Id === 'string' ? longId(values.Id) : null
    // A row without an id can be no record of ours; the reading of rows parks and names it.
    if (sourceId !== null) entries.push({ sourceId, mark: markOf(values) })
  }
  return { entries, next, asOf }
}

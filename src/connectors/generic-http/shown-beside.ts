import type { CrmSession, Lane } from '#connectors/call.ts'
import type { TableScope } from '#connectors/connector.ts'
import type { Definition, TableRequest } from './definition.ts'
import { firstLink, readListPage } from './pages.ts'
import { isDeleted, rowId } from './row-values.ts'

/** What a reading by ids is asked with. */
export interface Asked {
  session: CrmSession
  definition: Definition
  table: TableRequest
  scope: TableScope
  lane: Lane
}

/** Ids of a few records that are there, and were not asked for: what finds them not proves nothing of others. */
export async function shownBeside(asked: Asked, wanted: readonly string[]): Promise<string[]> {
  const { session, table, scope, lane } = asked
  const page = await readListPage(session, firstLink(scope, { kind: 'query' }), { lane, pageSize: 100 })
  const ids = page.rows.filter((raw) => !isDeleted(table, raw)).map((raw) => rowId(table, raw))
  return ids.filter((id) => id !== null && !wanted.includes(id)).slice(0, 3) as string[]
}

import type { CrmSession } from '#connectors/call.ts'
import type { CheckStep } from '#connectors/connector.ts'
import { isHubError } from '#core/errors.ts'
import { entityOf, tableOf } from './draft.ts'
import { defineTable } from './metadata.ts'
import { query, readPage } from './pages.ts'

/** Reads one row of each table, in the way that the sync will. */
export async function* checkTables(session: CrmSession, tables: readonly string[]): AsyncGenerator<CheckStep> {
  for (const name of tables) yield await checkTable(session, tableOf(name))
}

async function checkTable(session: CrmSession, name: string): Promise<CheckStep> {
  const subject = entityOf(name)
  try {
    const table = await defineTable(session, name)
    const scope = { table: { ...table, fields: [] }, columns: [], filter: null }
    const link = query(scope, { select: [table.idField], filter: null, orderBy: '' })
    // Change tracking asks for more than reading does: the whole organisation's rows.
    const kind = table.changeTracking ? 'tracked' : 'query'
    await readPage(session, link, { kind }, { lane: 'person', pageSize: 1 })
    return { check: 'table', subject, ok: true, message: `${name} can be read.` }
  } catch (error) {
    // An outage says nothing of what this user may read.
    if (!isHubError(error, 'crm.privilege_missing', 'crm.refused', 'field.unknown', 'resource.not_found')) throw error
    const { mend = `Give the application user a security role that reads ${name} at organisation level.` } =
      error.detail
    return { check: 'table', subject, ok: false, message: error.message, mend }
  }
}

import type { CrmSession } from '#connectors/call.ts'
import type { CheckStep } from '#connectors/connector.ts'
import { isHubError } from '#core/errors.ts'
import { entityOf, kinds } from './draft.ts'
import { defaultTables } from './fields.ts'
import { query } from './pages.ts'

/** Reads one row of each table, in the way that the sync will. */
export async function* checkTables(session: CrmSession, tables: readonly string[]): AsyncGenerator<CheckStep> {
  for (const name of tables) yield await checkTable(session, tableNamed(name))
}

/** Also of our own name for it. */
function tableNamed(name: string): string {
  return defaultTables.find(({ entity, table }) => entity === name || table === name)?.table ?? name
}

async function checkTable(session: CrmSession, name: string): Promise<CheckStep> {
  const subject = entityOf(name)
  const object = kinds[name]?.object ?? name
  try {
    if (!/^\w+$/.test(object)) return refused(subject, `Salesforce has no object ${object}.`)
    const soql = `SELECT Id,SystemModstamp FROM ${object} ORDER BY Id LIMIT 1`
    await query(session, { soql }, { what: `to read ${object}`, lane: 'person' })
    return { check: 'table', subject, ok: true, message: `${name} can be read.` }
  } catch (error) {
    // An outage says nothing of what this user may read.
    if (!isHubError(error, 'crm.privilege_missing', 'crm.refused', 'field.unknown')) throw error
    return refused(subject, error.message, error.detail.mend)
  }
}

function refused(
  subject: string,
  message: string,
  mend = 'Give the integration user a permission set with Read and View All on it.',
): CheckStep {
  return { check: 'table', subject, ok: false, message, mend }
}

import type { CrmSession } from '#connectors/call.ts'
import type { TableScope } from '#connectors/connector.ts'
import { sliceRows } from '#connectors/row-slices.ts'
import { isHubError } from '#core/errors.ts'
import { apiPath, askAndRead, askJson } from './client.ts'
import { scopeQuery } from './filter.ts'
import { preferences, query } from './pages.ts'
import { pageEnvelope, totalCount } from './wire.ts'

// `$count=true` counts no further, whatever the size of the page ("Count number of rows").
const countLimit = 5000

/** About how many rows: a snapshot up to a day old, or an exact count where there are few. */
export async function estimate(session: CrmSession, scope: TableScope): Promise<number | null> {
  const counted = await countFew(session, scope)
  if (counted !== null && counted < countLimit) return counted
  return scope.filter === null ? await snapshot(session, scope) : null
}

async function countFew(session: CrmSession, scope: TableScope): Promise<number | null> {
  const filter = scopeQuery(scope)
  const link = `${query(scope, { select: [scope.table.idField], filter, orderBy: '' })}&$count=true`
  const asked = { what: `to count ${scope.table.name}`, lane: 'initial', headers: preferences(null, 1) } as const
  return askAndRead(session, link, asked, async (reply) => {
    const envelope = pageEnvelope.safeParse((await sliceRows(reply.body)).envelope)
    return envelope.success ? (envelope.data['@odata.count'] ?? null) : null
  })
}

async function snapshot(session: CrmSession, { table }: TableScope): Promise<number | null> {
  const path = `${apiPath}/RetrieveTotalRecordCount(EntityNames=@p1)?@p1=[%22${table.name}%22]`
  const asked = { what: `to count ${table.name}`, lane: 'initial' } as const
  const answer = await askJson(session, path, asked, totalCount).catch((error: unknown) => {
    // Not every organisation offers it, and a progress bar without a total is still a progress bar.
    if (isHubError(error, 'crm.refused', 'crm.privilege_missing', 'crm.body_invalid')) return null
    throw error
  })
  const { Keys, Values } = answer?.EntityRecordCountCollection ?? { Keys: [], Values: [] }
  const count = Values[Keys.indexOf(table.name)]
  return count === undefined || count < 0 ? null : count
}

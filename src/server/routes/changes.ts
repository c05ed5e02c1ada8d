import { type FedChange, feedEnd, latestChanges, readFeed } from '#records/feed.ts'
import { recordNames } from '#records/names.ts'
import { allow } from '../access.ts'
import { type Api, failures, given } from '../api.ts'
import { type Change, ChangeList, ChangeQuery, LatestChanges, LatestQuery } from '../contract/changes.ts'
import type { Hub } from '../hub.ts'
import * as shown from '../shown.ts'

export function changeRoutes(app: Api, hub: Hub): void {
  app.get(
    '/changes',
    { ...allow('read:records'), schema: { querystring: ChangeQuery, response: { 200: ChangeList, ...failures } } },
    async (request) => {
      const { limit } = request.query
      const asked = request.query.cursor
      // Looked up before the feed is read: where that is empty, all later changes come after this.
      const end = asked && asked !== 'now' ? asked : await feedEnd(hub.pool)
      const cursor = asked ? end : undefined
      const fed = await readFeed(hub.pool, hub.finder.tables, { ...given({ cursor }), limit })
      const next = fed.at(-1)?.cursor ?? end
      return { changes: await withNames(hub, fed), next, more: fed.length === limit }
    },
  )

  app.get(
    '/changes/latest',
    { ...allow('read:records'), schema: { querystring: LatestQuery, response: { 200: LatestChanges, ...failures } } },
    async (request) => {
      const fed = await latestChanges(hub.pool, hub.finder.tables, request.query.limit)
      return { changes: await withNames(hub, fed) }
    },
  )
}

export async function withNames(hub: Pick<Hub, 'pool' | 'finder'>, fed: readonly FedChange[]): Promise<Change[]> {
  if (fed.length === 0) return []
  const tables = (await hub.finder.tables.all()).map((table) => table.id)
  const names = await recordNames(
    hub.pool,
    tables,
    fed.map((change) => change.recordId),
  )
  return fed.map((change) => shown.change(change, names.get(change.recordId) ?? null))
}

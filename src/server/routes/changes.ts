import { type FedChange, feedEnd, latestChanges, readFeed, seenChanges } from '#records/feed.ts'
import { recordNames } from '#records/names.ts'
import { isWhole, type View } from '#records/view.ts'
import { allow } from '../access.ts'
import { type Api, failures, given } from '../api.ts'
import { type Change, ChangeList, ChangeQuery, LatestChanges, LatestQuery } from '../contract/changes.ts'
import type { Hub } from '../hub.ts'
import { viewFor } from '../seen.ts'
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
      const view = await viewFor(hub, request.principal)
      return { changes: await withNames(hub, fed, view), next, more: fed.length === limit }
    },
  )

  app.get(
    '/changes/latest',
    { ...allow('read:records'), schema: { querystring: LatestQuery, response: { 200: LatestChanges, ...failures } } },
    async (request) => {
      const { limit } = request.query
      const view = await viewFor(hub, request.principal)
      // Of what is left out nobody sees that it was there: more is read than is shown.
      const fed = await latestChanges(hub.pool, hub.finder.tables, isWhole(view) ? limit : limit * 10)
      return { changes: (await withNames(hub, fed, view)).slice(0, limit) }
    },
  )
}

/** The changes that may be seen, each with the record's name. */
export async function withNames(
  hub: Pick<Hub, 'pool' | 'finder'>,
  fed: readonly FedChange[],
  view: View,
): Promise<Change[]> {
  const seen = await seenChanges(hub.pool, hub.finder.tables, fed, view)
  if (seen.length === 0) return []
  const ids = seen.map((change) => change.recordId)
  const names = await recordNames(hub.pool, await hub.finder.tables.all(), ids, view)
  return seen.map((change) => shown.change(change, names.get(change.recordId) ?? null))
}

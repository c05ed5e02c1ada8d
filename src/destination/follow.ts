import { isHubError } from '#core/errors.ts'
import { type Lease, underLease } from '#jobs/lease.ts'
import { type FedChange, feedEnd, readFeed } from '#records/feed.ts'
import type { TableCache } from '#records/table-cache.ts'
import { askForChanged } from './fill.ts'
import type { DestinationParts, Target } from './target.ts'

const changesAtOnce = 1_000

/**
 * Reads the change feed from where it was last read, and asks for the records that changed; asking and the new place
 * commit together. Answers how many changes there were.
 */
export async function followFeed(
  parts: DestinationParts,
  target: Target,
  { tables, lease }: { tables: TableCache; lease: Lease },
): Promise<number> {
  const { destination } = target
  if (destination.cursor === null) {
    await beginAnew(parts, target, lease)
    return 0
  }
  const changes = await readFeed(parts.pool, tables, { cursor: destination.cursor, limit: changesAtOnce }).catch(
    async (error: unknown) => {
      if (!isHubError(error, 'feed.cursor_gone')) throw error
      // Away for longer than the feed is kept: everything is looked at again.
      await beginAnew(parts, target, lease)
      return []
    },
  )
  const last = changes.at(-1)
  if (!last) return 0
  const asks = await Promise.all(
    bySource(target, changes).map(([table, recordIds]) => askForChanged(parts, target, { table, recordIds, lease })),
  )
  await underLease(parts.pool, lease, async (tx) => {
    for (const ask of asks) await ask(tx)
    await tx.query('update jackfield.destination set cursor = $2 where id = $1', [destination.id, last.cursor])
  })
  destination.cursor = last.cursor
  return changes.length
}

/** From now on, and every table is walked: in this order, so that nothing falls between the two. */
async function beginAnew({ pool }: DestinationParts, { destination }: Target, lease: Lease): Promise<void> {
  const cursor = await feedEnd(pool)
  await underLease(pool, lease, async (tx) => {
    await tx.query('update jackfield.destination set cursor = $2, listed_at = null where id = $1', [
      destination.id,
      cursor,
    ])
    await tx.query(
      'update jackfield.destination_source set filled_to = null, filled_at = null where destination_id = $1',
      [destination.id],
    )
  })
  destination.cursor = cursor
  destination.listedAt = null
}

function bySource({ sources }: Target, changes: readonly FedChange[]) {
  return sources.flatMap((table) => {
    const own = changes.filter((one) => one.connectionId === table.connectionId && one.entity === table.entity)
    const ids = [...new Set(own.map(({ recordId }) => recordId))]
    return ids.length === 0 ? [] : [[table, ids] as const]
  })
}

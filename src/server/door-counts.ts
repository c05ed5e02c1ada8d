import type { Log } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'

/** What came to a door and how it went: counted in memory, written every few seconds. */
export interface DoorCounts {
  count(door: string, outcome: string, connectionId?: string): void
  /** Since this process began, for the metrics. */
  totals(): Iterable<{ door: string; outcome: string; count: number }>
  flush(): Promise<void>
  stop(): Promise<void>
}

interface Entry {
  door: string
  outcome: string
  connectionId: string | null
  fresh: number
  total: number
}

const flushEveryMs = 3_000

const ADD = {
  name: 'door-count-add',
  text: `insert into jackfield.door_count as c (door, outcome, connection_id, count)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[])
    on conflict (door, outcome, coalesce(connection_id, '00000000-0000-0000-0000-000000000000'), day)
    do update set count = c.count + excluded.count`,
}

export function createDoorCounts(pool: Pool, log: Log): DoorCounts {
  const entries = new Map<string, Entry>()
  let flushing: Promise<void> | undefined

  async function write(): Promise<void> {
    const fresh = [...entries.values()]
      .filter((entry) => entry.fresh > 0)
      .map((entry) => ({ entry, count: entry.fresh }))
    if (fresh.length === 0) return
    for (const { entry } of fresh) entry.fresh = 0
    const columns = [
      fresh.map(({ entry }) => entry.door),
      fresh.map(({ entry }) => entry.outcome),
      fresh.map(({ entry }) => entry.connectionId),
      fresh.map(({ count }) => count),
    ]
    try {
      await pool.query({ ...ADD, values: columns })
    } catch (error) {
      // Kept for the next time: a database that is away must not make refusals disappear.
      for (const { entry, count } of fresh) entry.fresh += count
      log.debug('door counts were not written', { error })
    }
  }

  const flush = () => {
    flushing ??= write().finally(() => {
      flushing = undefined
    })
    return flushing
  }
  const timer = setInterval(() => void flush(), flushEveryMs).unref()

  return {
    count(door, outcome, connectionId) {
      const key = `${door} ${outcome} ${connectionId ?? ''}`
      const entry = entries.get(key)
      if (!entry) entries.set(key, { door, outcome, connectionId: connectionId ?? null, fresh: 1, total: 1 })
      else {
        entry.fresh += 1
        entry.total += 1
      }
    },
    totals: () => entries.values().map(({ door, outcome, total }) => ({ door, outcome, count: total })),
    flush,
    async stop() {
      clearInterval(timer)
      await flush()
      await flush()
    },
  }
}

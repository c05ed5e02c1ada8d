import { setTimeout as wait } from 'node:timers/promises'
import type { Queryable } from '#database/pool.ts'

const lookEveryMs = 300

interface Awaited {
  connectionId: string
  /** Of the test event that was asked for; null: any push will do. */
  eventId: string | null
  withinMs: number
  signal?: AbortSignal
}

/** Waits until the CRM's push has come in; false where it did not in time. Hints that the hub made itself do not count. */
export async function waitForPush(
  db: Queryable,
  { connectionId, eventId, withinMs, signal }: Awaited,
): Promise<boolean> {
  const { rows } = await db.query<{ now: Date }>('select clock_timestamp() as now')
  const since = eventId === null ? rows[0]!.now : new Date(0)
  for (const until = performance.now() + withinMs; performance.now() < until && !signal?.aborted; ) {
    const { rowCount } = await db.query({
      name: 'push-awaited',
      text: `select from jackfield.hint_seen where connection_id = $1 and received_at >= $2
        and case when $3::text is null then pushed else test_event = $3 end limit 1`,
      values: [connectionId, since, eventId],
    })
    if (rowCount === 1) return true
    await wait(lookEveryMs, undefined, signal ? { signal } : {}).catch(() => undefined)
  }
  return false
}

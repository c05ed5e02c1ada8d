import { HubError } from '#core/errors.ts'
import { eventId } from '#core/ids.ts'
import { isDatabaseUnavailable, type Pool, type Queryable } from '#database/pool.ts'

/** A push that says a record changed: never stored as a record, settled by reading the record back. */
export interface Hint {
  /** The event's own identity. */
  eventKey: string
  connectionId: string
  /** '' of a test event, which is of no table and settled by nothing. */
  entity: string
  sourceId: string
  operation: string
}

export interface Inbox {
  /** Resolves when the hint is durably committed; a replayed one has no effect. Throws server.busy, database.unavailable. */
  keep(hint: Hint): Promise<'kept' | 'replayed'>
  /** Hints waiting for a commit. */
  readonly waiting: number
  /** Waits until everything that was accepted is settled. */
  drain(): Promise<void>
}

const KEEP = {
  name: 'hint-keep',
  text: `with given as materialized (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
        as given(event_id, connection_id, entity, source_id, operation)),
      fresh as (insert into jackfield.hint_seen(event_id, connection_id, pushed, test_event)
        select event_id, connection_id, $6, case when entity = '' then source_id end from given
        on conflict do nothing returning event_id),
      kept as (insert into jackfield.hint(connection_id, entity, source_id, operation)
        select connection_id, entity, source_id, operation from given join fresh using (event_id) where entity <> '')
    select event_id as "eventId" from fresh`,
}

// Two commits at a time: while one waits for the disk, the next gathers. Measured in stack.md §2b.
const lanes = 2
const mostAtOnce = 256
// About a second of the ceiling: beyond it the sender is told to come back.
const mostWaiting = 10_000

interface Waiting {
  hint: Hint
  resolve: (outcome: 'kept' | 'replayed') => void
  reject: (error: unknown) => void
}

/** Many events share one commit: nothing is acknowledged before it is kept (design invariant 1). */
export function createInbox(pool: Pool, onKept?: (count: number) => void): Inbox {
  const queue: Waiting[] = []
  let busy = 0
  const idle: (() => void)[] = []

  const flush = async () => {
    if (busy >= lanes || queue.length === 0) return
    busy += 1
    const batch = queue.splice(0, mostAtOnce)
    try {
      const kept = await insertHints(
        pool,
        batch.map(({ hint }) => hint),
        { pushed: true },
      )
      for (const { hint, resolve } of batch) resolve(kept.delete(hint.eventKey) ? 'kept' : 'replayed')
      onKept?.(batch.length)
    } catch (error) {
      for (const { reject } of batch) reject(asUnavailable(error))
    }
    busy -= 1
    if (busy === 0 && queue.length === 0) for (const wake of idle.splice(0)) wake()
    void flush()
  }

  return {
    keep(hint) {
      if (queue.length >= mostWaiting) {
        const mend = 'Deliver the event again in a few seconds'
        return Promise.reject(
          new HubError('server.busy', 'Too many events wait to be kept', { mend, retryAt: Date.now() + 2_000 }),
        )
      }
      return new Promise((resolve, reject) => {
        queue.push({ hint, resolve, reject })
        if (queue.length === 1) setImmediate(flush)
      })
    },
    get waiting() {
      return queue.length
    },
    drain: () => (busy === 0 && queue.length === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
  }
}

function asUnavailable(error: unknown): unknown {
  if (!isDatabaseUnavailable(error)) return error
  return new HubError('database.unavailable', 'The event could not be kept: the database does not answer', {
    cause: error,
    retryAt: Date.now() + 5_000,
  })
}

/** Keeps hints in one statement (in the caller's transaction when it is one); answers the event keys that were new. */
export async function insertHints(
  db: Queryable,
  hints: readonly Hint[],
  { pushed } = { pushed: false },
): Promise<Set<string>> {
  if (hints.length === 0) return new Set()
  const byId = new Map(hints.map((hint) => [eventId(hint.eventKey), hint]))
  const given = [...byId.values()]
  const { rows } = await db.query<{ eventId: string }>({
    ...KEEP,
    values: [
      [...byId.keys()],
      given.map((hint) => hint.connectionId),
      given.map((hint) => hint.entity),
      given.map((hint) => hint.sourceId),
      given.map((hint) => hint.operation),
      pushed,
    ],
  })
  return new Set(rows.map((row) => byId.get(row.eventId)!.eventKey))
}

/** An event is remembered this long, so that a replay is recognised. */
const rememberHours = 72

export async function purgeHints(pool: Pool): Promise<void> {
  await pool.query(
    `delete from jackfield.hint_seen where received_at < now() - make_interval(hours => ${rememberHours})`,
  )
}

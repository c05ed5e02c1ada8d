import { HubError } from '#core/errors.ts'
import { isDatabaseUnavailable, type Pool, type Queryable } from '#database/pool.ts'

/** A push that says a record changed: never stored as a record, settled by reading the record back. */
export interface Hint {
  /** The event's own identity. */
  eventKey: string
  connectionId: string
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
  text: `insert into jackfield.hint(event_key, connection_id, entity, source_id, operation)
    select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[]) on conflict do nothing returning event_key`,
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

/** Keeps hints in one statement (in the caller's transaction when it is one); answers the keys that were new. */
export async function insertHints(db: Queryable, hints: readonly Hint[]): Promise<Set<string>> {
  if (hints.length === 0) return new Set()
  const { rows } = await db.query<{ event_key: string }>({
    ...KEEP,
    values: [
      hints.map((hint) => hint.eventKey),
      hints.map((hint) => hint.connectionId),
      hints.map((hint) => hint.entity),
      hints.map((hint) => hint.sourceId),
      hints.map((hint) => hint.operation),
    ],
  })
  return new Set(rows.map((row) => row.event_key))
}

/** Remembered this long after they were settled, so that a replay is recognised. */
const rememberHours = 72

export async function purgeHints(pool: Pool): Promise<void> {
  await pool.query(`delete from jackfield.hint where done_at < now() - make_interval(hours => ${rememberHours})`)
}

import type { Clock } from '#core/clock.ts'
import type { Pool, Queryable } from '#database/pool.ts'

export interface RecordCounts {
  /** Neither deleted nor out of scope. */
  records: number
  deleted: number
  outOfScope: number
  parked: number
}

// What is gone is few and has an index of its own, so that the many are counted from the primary key alone.
const COUNT = {
  name: 'records-count',
  text: `select t.id,
      (select count(*) from jackfield.record r where r.table_id = t.id)::int as all,
      (select count(*) from jackfield.record r where r.table_id = t.id
        and (r.deleted_at is not null or r.out_of_scope_at is not null) and r.deleted_at is not null)::int as deleted,
      (select count(*) from jackfield.record r where r.table_id = t.id
        and (r.deleted_at is not null or r.out_of_scope_at is not null) and r.deleted_at is null)::int as "outOfScope",
      (select count(*) from jackfield.parked p where p.table_id = t.id)::int as parked
    from jackfield.synced_table t where $1::int[] is null or t.id = any($1)`,
}

/** Exact, and dear at a million records. */
async function countRecords(db: Queryable, tableIds?: readonly number[]): Promise<Map<number, RecordCounts>> {
  const { rows } = await db.query<{ id: number; all: number } & RecordCounts>({ ...COUNT, values: [tableIds ?? null] })
  return new Map(
    rows.map(({ id, all, deleted, outOfScope, parked }) => [
      id,
      { records: all - deleted - outOfScope, deleted, outOfScope, parked },
    ]),
  )
}

export interface CountCache {
  /** As counted a moment ago; a table that came since is missing. */
  recent(): Promise<Map<number, RecordCounts>>
  /** Counted now. */
  fresh(): Promise<Map<number, RecordCounts>>
}

/** Counting may take this share of the time, so that a page that is watched does not keep the database counting. */
const share = 1 / 20
const shortestAgeMs = 1_000

export function createCountCache(pool: Pool, clock: Clock): CountCache {
  let counted: Map<number, RecordCounts> | undefined
  let countAgainAt = 0
  let counting: Promise<Map<number, RecordCounts>> | undefined
  const count = () => {
    counting ??= (async () => {
      const began = clock.monotonic()
      counted = await countRecords(pool)
      const ended = clock.monotonic()
      countAgainAt = ended + Math.max(shortestAgeMs, (ended - began) / share)
      return counted
    })().finally(() => {
      counting = undefined
    })
    return counting
  }
  return {
    async recent() {
      if (!counted) return count()
      if (clock.monotonic() > countAgainAt) count().catch(() => undefined)
      return counted
    },
    async fresh() {
      // One that is under way began before this question.
      await counting
      return count()
    },
  }
}

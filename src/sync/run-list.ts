import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import { type RunKind, type RunState, runColumns, type SyncRun } from './run.ts'

export interface RunQuery {
  tableIds?: number[]
  kind?: RunKind
  state?: RunState
  limit: number
}

/** A run's place among the others; milliseconds, which is all that a `Date` holds, would let runs of one instant fall out. */
interface Place {
  /** Microseconds since the epoch, as the database counts time. */
  micros: string
  id: string
}

type Placed = SyncRun & { micros: bigint }

async function select(db: Queryable, query: RunQuery, after?: Place): Promise<Placed[]> {
  const { tableIds = null, state = null, kind = null, limit } = query
  const { rows } = await db.query<Placed>({
    name: 'run-list',
    text: `select ${runColumns}, (extract(epoch from created_at) * 1000000)::bigint as micros from jackfield.sync_run
      where ($1::int[] is null or table_id = any($1)) and ($2::text is null or state = $2) and ($3::text is null or kind = $3)
        and ($4::bigint is null or (created_at, id) < (timestamptz 'epoch' + $4::bigint * interval '1 microsecond', $5::uuid))
      order by created_at desc, id desc limit $6`,
    values: [tableIds, state, kind, after?.micros ?? null, after?.id ?? null, limit],
  })
  return rows
}

/** Newest first. */
export async function listRuns(db: Queryable, query: RunQuery): Promise<SyncRun[]> {
  return (await select(db, query)).map(withoutPlace)
}

/** Newest first, page by page: the cursor is the one that the last page gave. */
export async function pageOfRuns(
  db: Queryable,
  { cursor, ...query }: RunQuery & { cursor?: string },
): Promise<{ runs: SyncRun[]; next: string | null }> {
  const runs = await select(db, query, cursor === undefined ? undefined : readCursor(cursor))
  const last = runs.length === query.limit ? runs.at(-1) : undefined
  return { runs: runs.map(withoutPlace), next: last ? `${last.micros}.${last.id}` : null }
}

const withoutPlace = ({ micros: _micros, ...run }: Placed): SyncRun => run

const cursorForm = /^(\d{1,16})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

function readCursor(cursor: string): Place {
  const [, micros, id] = cursorForm.exec(cursor) ?? []
  if (micros !== undefined && id !== undefined) return { micros, id }
  throw new HubError('input.invalid', 'The cursor is not one that this hub gave', { field: 'cursor' })
}

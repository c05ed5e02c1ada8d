import { setTimeout as wait } from 'node:timers/promises'
import { uuidv7 } from '#core/ids.ts'
import type { Pool } from '#database/pool.ts'
import { type Hint, insertHints } from './inbox.ts'

interface ParkedRecord {
  id: string
  sourceId: string | null
  connectionId: string
  entity: string
}

const PARKED = `select p.id, p.source_id as "sourceId", t.connection_id as "connectionId", t.entity
  from jackfield.parked p join jackfield.synced_table t on t.id = p.table_id
  join jackfield.connection c on c.id = t.connection_id and c.state <> 'removed'
  where ($1::uuid is null or p.id = $1) and ($2::uuid is null or t.connection_id = $2)
  order by p.last_seen_at limit $3`

/** Of one press of a button; the rest takes another. */
const mostAtOnce = 10_000
const lookEveryMs = 100
/** A person waits so long; what is not read back by then is read back later. */
const patienceMs = 15_000

/**
 * Has the CRM asked for parked records once more, as for any record that is said to have changed. A row without an id
 * cannot be asked for: it stays until a pass over the whole table meets it again.
 */
export async function replayParked(
  pool: Pool,
  which: { id?: string; connectionId?: string },
  wakeWorkers: () => void,
): Promise<{ replayed: number; stillParked: number }> {
  const { rows } = await pool.query<ParkedRecord>(PARKED, [which.id ?? null, which.connectionId ?? null, mostAtOnce])
  const asked = uuidv7()
  const hints = rows.flatMap(({ id, sourceId, connectionId, entity }) =>
    sourceId === null
      ? []
      : [{ eventKey: `replay/${asked}/${id}`, connectionId, entity, sourceId, operation: 'settle' }],
  )
  await insertHints(pool, hints)
  wakeWorkers()
  await settled(pool, hints)
  const ids = rows.map((row) => row.id)
  const left = await pool.query<{ count: number }>(
    'select count(*)::int as count from jackfield.parked where id = any($1::uuid[])',
    [ids],
  )
  return { replayed: hints.length, stillParked: left.rows[0]!.count }
}

async function settled(pool: Pool, hints: readonly Hint[]): Promise<void> {
  const until = performance.now() + patienceMs
  const values = [
    hints.map((hint) => hint.connectionId),
    hints.map((hint) => hint.entity),
    hints.map((hint) => hint.sourceId),
  ]
  while (hints.length > 0 && performance.now() < until) {
    const { rows } = await pool.query<{ open: boolean }>(
      `select exists (select from jackfield.hint h
        join unnest($1::uuid[], $2::text[], $3::text[]) as asked(connection_id, entity, source_id)
          using (connection_id, entity, source_id)) as open`,
      values,
    )
    if (!rows[0]!.open) return
    await wait(lookEveryMs)
  }
}

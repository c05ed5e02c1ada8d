import type { Queryable } from '#database/pool.ts'
import type { WriteOperation, WriteState } from './write.ts'

/** What was asked = what was done + what failed + what was cancelled + what is on its way + what nobody knows. */
export interface LedgerCounts {
  requested: number
  done: number
  failed: number
  cancelled: number
  /** Kept, sending or sent. */
  open: number
  unknown: number
}

export interface LedgerLine extends LedgerCounts {
  connectionId: string
  entity: string
  operation: WriteOperation
}

/** A write that keeps the ledger from balancing, or stands in the CRM otherwise than it was asked. */
export interface LedgerDifference {
  id: string
  connectionId: string
  entity: string
  recordId: string
  operation: WriteOperation
  state: WriteState
  why: 'unknown' | 'failed' | 'waiting' | 'gone since' | 'not read back' | 'other values'
  message: string | null
  createdAt: Date
}

export interface Ledger {
  asOf: Date
  /** Nothing open and nothing unknown. */
  balanced: boolean
  /**
   * Some of the writes accepted until then, of the period that was asked for, ended long ago and were removed: without a
   * period they are counted still, in one they are not. Null: none was.
   */
  removedUntil: Date | null
  /** At most a hundred, the gravest first. */
  differences: LedgerDifference[]
  total: LedgerCounts
  lines: LedgerLine[]
}

export interface LedgerQuery {
  connectionId?: string
  /** Writes accepted from then on, and before then. */
  from?: Date
  to?: Date
}

const CHOSEN = `($1::uuid is null or o.connection_id = $1) and ($2::timestamptz is null or o.created_at >= $2)
    and ($3::timestamptz is null or o.created_at < $3)`

// What was removed is counted where no period is asked for: it is kept as sums.
const LINES = {
  name: 'ledger-lines',
  text: `select now() as "asOf", write.connection_id as "connectionId", t.entity, write.operation, sum(n)::int as requested,
      coalesce(sum(n) filter (where state = 'done'), 0)::int as done, coalesce(sum(n) filter (where state = 'failed'), 0)::int as failed,
      coalesce(sum(n) filter (where state = 'cancelled'), 0)::int as cancelled,
      coalesce(sum(n) filter (where state in ('kept', 'sending', 'sent')), 0)::int as open,
      coalesce(sum(n) filter (where state = 'unknown'), 0)::int as unknown
    from (select o.connection_id, o.table_id, o.operation, o.state, count(*) as n from jackfield.outbox o where ${CHOSEN}
        group by 1, 2, 3, 4
      union all
      select p.connection_id, p.table_id, p.operation, p.state, p.count from jackfield.outbox_past p
        where ($1::uuid is null or p.connection_id = $1) and $2::timestamptz is null and $3::timestamptz is null) as write
      join jackfield.synced_table t on t.id = write.table_id
    group by write.connection_id, t.entity, write.operation order by write.connection_id, t.entity, write.operation`,
}

const REMOVED = {
  name: 'ledger-removed',
  text: `select max(accepted_until) as until from jackfield.outbox_past
    where ($1::uuid is null or connection_id = $1) and ($2::timestamptz is null or accepted_until >= $2)`,
}

// What has been open for a minute has met an obstacle: an unhindered write takes a second.
const DIFFERENCES = {
  name: 'ledger-differences',
  text: `select id, connection_id as "connectionId", entity, record_id as "recordId", operation, state, why, message,
      created_at as "createdAt"
    from (select o.*, t.entity, o.problem->>'message' as message, case
        when o.state = 'unknown' then 'unknown'
        when o.state = 'failed' then 'failed'
        when o.state in ('kept', 'sending', 'sent') and o.created_at < now() - interval '1 minute' then 'waiting'
        when o.state = 'done' and o.operation <> 'delete' and o.result ? 'absent' then 'gone since'
        when o.state = 'done' and not o.result ? 'readBackAt' then 'not read back'
        when o.state = 'done' and o.result ? 'differences' then 'other values' end as why
      from jackfield.outbox o join jackfield.synced_table t on t.id = o.table_id where ${CHOSEN}) as write
    where why is not null
    order by array_position('{unknown,failed,waiting,gone since,not read back,other values}', why), number limit 100`,
}

/** The books: every write that was accepted, and where it stands; what needs a person's eyes first. */
export async function ledger(db: Queryable, query: LedgerQuery = {}): Promise<Ledger> {
  const values = [query.connectionId ?? null, query.from ?? null, query.to ?? null]
  const lines = (await db.query<LedgerLine & { asOf: Date }>({ ...LINES, values })).rows
  const removed = await db.query<{ until: Date | null }>({ ...REMOVED, values: values.slice(0, 2) })
  const { rows: differences } = await db.query<LedgerDifference>({ ...DIFFERENCES, values })
  const total: LedgerCounts = { requested: 0, done: 0, failed: 0, cancelled: 0, open: 0, unknown: 0 }
  for (const line of lines) {
    for (const key of Object.keys(total) as (keyof LedgerCounts)[]) total[key] += line[key]
  }
  return {
    asOf: lines[0]?.asOf ?? new Date(),
    balanced: total.open === 0 && total.unknown === 0,
    removedUntil: removed.rows[0]?.until ?? null,
    differences,
    total,
    lines: lines.map(({ asOf: _asOf, ...line }) => line),
  }
}

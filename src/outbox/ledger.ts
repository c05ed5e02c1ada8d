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

const LINES = {
  name: 'ledger-lines',
  text: `select now() as "asOf", o.connection_id as "connectionId", t.entity, o.operation, count(*)::int as requested,
      count(*) filter (where o.state = 'done')::int as done, count(*) filter (where o.state = 'failed')::int as failed,
      count(*) filter (where o.state = 'cancelled')::int as cancelled,
      count(*) filter (where o.state in ('kept', 'sending', 'sent'))::int as open,
      count(*) filter (where o.state = 'unknown')::int as unknown
    from jackfield.outbox o join jackfield.synced_table t on t.id = o.table_id where ${CHOSEN}
    group by o.connection_id, t.entity, o.operation order by o.connection_id, t.entity, o.operation`,
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
  const { rows: differences } = await db.query<LedgerDifference>({ ...DIFFERENCES, values })
  const total: LedgerCounts = { requested: 0, done: 0, failed: 0, cancelled: 0, open: 0, unknown: 0 }
  for (const line of lines) {
    for (const key of Object.keys(total) as (keyof LedgerCounts)[]) total[key] += line[key]
  }
  return {
    asOf: lines[0]?.asOf ?? new Date(),
    balanced: total.open === 0 && total.unknown === 0,
    differences,
    total,
    lines: lines.map(({ asOf: _asOf, ...line }) => line),
  }
}

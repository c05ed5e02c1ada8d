import type { Pool, Queryable, Transaction } from '#database/pool.ts'

// By Postgres' clock alone: a hub whose own is behind would find due tables and nothing to do. A pass that is paused or
// waits for its next attempt is not replaced by another.
const PASS_IS_DUE = `coalesce(t.next_pass_at, '-infinity') <= now() and not exists (select from jackfield.sync_run r
  where r.table_id = t.id and r.kind <> 'audit' and r.state in ('waiting', 'running', 'paused'))`

/** Tables with something to do, of connections that work: the oldest first. */
export async function dueTables(db: Queryable): Promise<{ id: number; connectionId: string }[]> {
  const { rows } = await db.query<{ id: number; connectionId: string }>({
    name: 'tables-due',
    text: `select t.id, t.connection_id as "connectionId" from jackfield.synced_table t
      join jackfield.connection c on c.id = t.connection_id
      where t.enabled and c.state = 'active' and ((${PASS_IS_DUE}) or exists (
        select from jackfield.sync_run r where r.table_id = t.id and r.state in ('waiting', 'running') and r.not_before <= now()))
      order by t.next_pass_at nulls first, t.id`,
  })
  return rows
}

/** Whether the schedule asks for a pass now. */
export async function isPassDue(db: Queryable, tableId: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'table-pass-due',
    text: `select from jackfield.synced_table t where t.id = $1 and t.enabled and ${PASS_IS_DUE}`,
    values: [tableId],
  })
  return rowCount === 1
}

/** The pass that would be due now is left out. */
export async function skipPass(db: Queryable, tableId: number): Promise<void> {
  await db.query(
    'update jackfield.synced_table set next_pass_at = now() + make_interval(secs => schedule_seconds) where id = $1',
    [tableId],
  )
}

/** Where a pass ended, as its table stood when it began. */
export interface Reached {
  tableId: number
  /** Settings changed meanwhile make the place worthless: the next pass reads everything again. */
  ruleVersion: number
  delta: string | null
  since: Date | null
}

const REACHED = `delta_link = case when rule_version = $2 then $3 end, read_since = case when rule_version = $2 then $4::timestamptz end,
      last_pass_at = now(), problem = null`

/** A whole pass ended: from here the next one goes on. What is being stored by `confirmSettings` is waited for. */
export async function noteFirstPass(tx: Transaction, reached: Reached): Promise<void> {
  await tx.query('select from jackfield.synced_table where id = $1 for update', [reached.tableId])
  await tx.query(
    `update jackfield.synced_table set ${REACHED}, first_pass_at = coalesce(first_pass_at, now()), next_pass_at = now() where id = $1`,
    [reached.tableId, reached.ruleVersion, reached.delta, reached.since],
  )
}

/** `begunAt`, by Postgres' clock: what asked for a pass after it is not answered by this one, which may have read before. */
export async function noteIncrementalPass(db: Queryable, reached: Reached, begunAt: Date): Promise<void> {
  await db.query(
    `update jackfield.synced_table set ${REACHED}, next_pass_at = case when rule_version <> $2 then now()
      when next_pass_at > $5 and next_pass_at <= clock_timestamp() then next_pass_at
      else now() + make_interval(secs => schedule_seconds) end where id = $1`,
    [reached.tableId, reached.ruleVersion, reached.delta, reached.since, begunAt],
  )
}

/** `retrySeconds`: so long the table's next pass waits; null leaves it where it is. */
export async function noteProblem(
  db: Queryable,
  tableId: number,
  problem: unknown,
  retrySeconds: number | null,
): Promise<void> {
  await db.query(
    `update jackfield.synced_table set problem = $2, next_pass_at = coalesce(now() + make_interval(secs => $3), next_pass_at) where id = $1`,
    [tableId, problem, retrySeconds],
  )
}

/** The CRM no longer knows where the last pass ended. */
export async function forgetDelta(db: Queryable, tableId: number, problem: unknown): Promise<void> {
  await db.query('update jackfield.synced_table set delta_link = null, problem = $2 where id = $1', [tableId, problem])
}

/** How complete the hub's copy was at a time, as an audit found it. */
export interface Completeness {
  at: string
  /** Rows that the CRM listed. */
  crm: number
  /** Of these, held by the hub in the same version. */
  held: number
  parked: number
  /** Differences found, and how many were healed. */
  differences: number
  healed: number
  /** When deletes were last verified by a complete enumeration. */
  deletesVerifiedAt: string | null
  /** Stands for the filter and the rights under which they were. */
  sight: string | null
}

export async function noteCompleteness(db: Queryable, tableId: number, completeness: Completeness): Promise<void> {
  await db.query('update jackfield.synced_table set completeness = $2 where id = $1', [tableId, completeness])
}

/** Wakes a table at once: after a person asked, or its settings changed. */
export async function wakeTable(pool: Pool, tableId: number): Promise<void> {
  await pool.query('update jackfield.synced_table set next_pass_at = now() where id = $1', [tableId])
}

import { HubError } from '#core/errors.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import type { SourceTable } from '#model/field.ts'
import type { Mapping } from '#model/mapping.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import type { Refreshed, TableNote, TablePlan } from './table-settings.ts'

/** Throws resource.not_found. */
export async function findTable(db: Queryable, connectionId: string, entity: string): Promise<SyncedTable> {
  const table = (await listTables(db, connectionId)).find((candidate) => candidate.entity === entity)
  if (table) return table
  throw new HubError('resource.not_found', `The connection does not copy ${entity.slice(0, 100)}`, {
    mend: 'Add the table to the connection first.',
  })
}

/** Locked until the transaction ends, so that two changes at once do not undo each other. */
export async function lockTable(tx: Transaction, connectionId: string, entity: string): Promise<SyncedTable> {
  await tx.query({
    name: 'table-lock',
    text: 'select 1 from jackfield.synced_table where connection_id = $1 and entity = $2 for no key update',
    values: [connectionId, entity],
  })
  return await findTable(tx, connectionId, entity)
}

export interface NewTable {
  entity: string
  enabled: boolean
  source: SourceTable
  columns: readonly string[]
  mapping: Mapping
  problem: (TableNote & { since?: string }) | null
  /** Where the usual one would ask too much. */
  scheduleSeconds?: number
}

/** A table that a removed connection left behind is taken up again, with the settings that people gave it. */
export async function insertTable(db: Queryable, connectionId: string, table: NewTable): Promise<void> {
  await db.query({
    name: 'table-insert',
    text: `insert into jackfield.synced_table
        (connection_id, entity, enabled, source, columns, mapping, problem, schedule_seconds, next_pass_at)
      values ($1, $2, $3, $4, $5, $6, $7::jsonb || jsonb_build_object('since', now()), $8, now())
      on conflict (connection_id, entity) do nothing`,
    values: [
      connectionId,
      table.entity,
      table.enabled,
      JSON.stringify(table.source),
      table.columns,
      JSON.stringify(table.mapping),
      table.problem === null ? null : JSON.stringify(table.problem),
      table.scheduleSeconds ?? usualSchedule,
    ],
  })
}

const usualSchedule = 300

export async function storePlan(db: Queryable, tableId: number, plan: TablePlan): Promise<void> {
  await db.query({
    name: 'table-change',
    text: `update jackfield.synced_table set
        enabled = $2, columns = $3, filter = $4, mapping = $5, schedule_seconds = $6::int, source = $8,
        rule_version = rule_version + $7::int,
        problem = case when $2 and not enabled then null else problem end,
        next_pass_at = case when $2 and not enabled then now()
          else least(next_pass_at, now() + make_interval(secs => $6::int)) end,
        changed_at = now()
      where id = $1`,
    values: [
      tableId,
      plan.enabled,
      plan.columns,
      plan.filter === null ? null : JSON.stringify(plan.filter),
      JSON.stringify(plan.mapping),
      plan.scheduleSeconds,
      plan.rederive || plan.reread ? 1 : 0,
      JSON.stringify(plan.source),
    ],
  })
  if (plan.reread) await requestReread(db, tableId)
}

/**
 * Every row is read again at the next pass: the places to go on from are forgotten. The first pass stays done, so what
 * the re-reading changes is fed.
 */
export async function requestReread(db: Queryable, tableId: number): Promise<void> {
  await db.query({
    name: 'table-reread',
    text: `update jackfield.synced_table set delta_link = null, read_since = null, next_pass_at = now()
      where id = $1`,
    values: [tableId],
  })
}

/** The CRM's new description of a table, with the columns and mapping that still stand. */
export async function storeSource(db: Queryable, tableId: number, given: Refreshed): Promise<void> {
  await db.query({
    name: 'table-source',
    text: `update jackfield.synced_table set source = $2, columns = $3, mapping = $4,
        rule_version = rule_version + case when mapping = $4::jsonb and not $6 then 0 else 1 end,
        problem = case when $5::jsonb is null then problem else $5::jsonb || jsonb_build_object('since', now()) end,
        changed_at = now()
      where id = $1`,
    values: [
      tableId,
      JSON.stringify(given.source),
      given.columns,
      JSON.stringify(given.mapping),
      given.problem === null ? null : JSON.stringify(given.problem),
      // Who reads with the old description would store rows without what is to be kept.
      given.vanished.length + given.returned.length > 0,
    ],
  })
}

/** Everything derived of this connection's records is made again. */
export async function bumpRules(db: Queryable, connectionId: string): Promise<void> {
  await db.query({
    name: 'tables-bump-rules',
    text: `update jackfield.synced_table set rule_version = rule_version + 1, changed_at = now() where connection_id = $1`,
    values: [connectionId],
  })
}

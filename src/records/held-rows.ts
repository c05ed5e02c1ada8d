import type { Queryable, Transaction } from '#database/pool.ts'
import type { Mark } from '#model/mark.ts'

/** A row as the hub holds it, for an audit that trusts nothing of it. */
export interface HeldRow {
  sourceId: string
  mark: Mark | null
  deleted: boolean
  outOfScope: boolean
  contentHash: bigint | null
  source: string | null
}

/** By source id. */
export async function heldRows(db: Queryable, tableId: number, ids: readonly string[]): Promise<Map<string, HeldRow>> {
  const { rows } = await db.query<HeldRow>({
    name: 'rows-held',
    text: `select source_id as "sourceId", mark, deleted_at is not null as deleted, out_of_scope_at is not null as "outOfScope",
      content_hash as "contentHash", source from jackfield.record where table_id = $1 and id = any($2::uuid[])`,
    values: [tableId, ids],
  })
  return new Map(rows.map((row) => [row.sourceId, row]))
}

/** The stored version of these rows is not believed: the next reading by id overwrites them. */
export async function distrustRows(tx: Transaction, tableId: number, ids: readonly string[]): Promise<void> {
  await tx.query(
    'update jackfield.record set mark = null, content_hash = null where table_id = $1 and id = any($2::uuid[])',
    [tableId, ids],
  )
}

/** Removes rows that no CRM ever had, with what was derived of them. */
export async function removeRows(tx: Transaction, tableId: number, ids: readonly string[]): Promise<number> {
  await tx.query('delete from jackfield.contact_point where table_id = $1 and record_id = any($2::uuid[])', [
    tableId,
    ids,
  ])
  await tx.query('delete from jackfield.relation where table_id = $1 and record_id = any($2::uuid[])', [tableId, ids])
  const { rowCount } = await tx.query('delete from jackfield.record where table_id = $1 and id = any($2::uuid[])', [
    tableId,
    ids,
  ])
  return rowCount ?? 0
}

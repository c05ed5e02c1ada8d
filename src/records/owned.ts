import type { Queryable } from '#database/pool.ts'
import type { SyncedTable } from './table.ts'
import { isOwn, type TableView } from './view.ts'

/** Whether the hub holds the record, alive, as one of the viewer's own. */
export async function recordOwned(db: Queryable, table: SyncedTable, view: TableView, id: string): Promise<boolean> {
  const { rows } = await db.query<{ links: string[] | null; source: string | null }>({
    name: 'record-owned',
    text: `select links, case when links is null or links = '{}' then source end as source from jackfield.record
      where table_id = $1 and id = $2 and deleted_at is null`,
    values: [table.id, id],
  })
  return rows[0] !== undefined && isOwn(rows[0], table, view)
}

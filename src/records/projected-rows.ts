import type { Queryable } from '#database/pool.ts'
import type { SyncedTable } from './table.ts'

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Which of these rows the hub itself wrote there from other CRMs. They are none of the organisation's own, so what is
 * pushed of them need not be read: a first fill would have every row that it writes read back.
 */
export async function projectedRows(
  db: Queryable,
  table: Pick<SyncedTable, 'connectionId' | 'entity' | 'projected'>,
  sourceIds: readonly string[],
): Promise<Set<string>> {
  if (!table.projected?.length) return new Set()
  const { rows } = await db.query<{ id: string }>({
    name: 'projected-rows',
    text: `select r.row_id as id from jackfield.destination d
      join jackfield.destination_row r on r.destination_id = d.id and r.entity = $2 and r.row_id = any($3::uuid[])
      where d.connection_id = $1 and r.state <> 'waiting'`,
    values: [table.connectionId, table.entity, sourceIds.filter((id) => guid.test(id))],
  })
  return new Set(rows.map(({ id }) => id))
}

import type { Queryable } from '#database/pool.ts'
import type { SyncedTable } from './table.ts'

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Which of these rows hold records of other CRMs. They are none of the organisation's own, whatever people there made of
 * their source columns; and what is pushed of them need not be read: a first fill would have every row that it writes
 * read back. Where the other CRM is connected no more, or nothing is written there any more, their columns alone tell.
 */
export async function projectedRows(
  db: Pick<Queryable, 'query'>,
  table: Pick<SyncedTable, 'connectionId' | 'entity' | 'projected'>,
  sourceIds: readonly string[],
): Promise<Set<string>> {
  if (!table.projected?.length) return new Set()
  const { rows } = await db.query<{ id: string }>({
    name: 'projected-rows',
    text: `select r.row_id as id from jackfield.destination d
      join jackfield.destination_row r on r.destination_id = d.id and r.entity = $2 and r.row_id = any($3::uuid[])
      join jackfield.synced_table t on t.id = r.table_id
      join jackfield.connection c on c.id = t.connection_id and c.state <> 'removed'
      where d.connection_id = $1 and d.state <> 'removed'`,
    values: [table.connectionId, table.entity, sourceIds.filter((id) => guid.test(id))],
  })
  return new Set(rows.map(({ id }) => id))
}

import type { Queryable } from '#database/pool.ts'
import { nameWithout } from './find.ts'
import type { SyncedTable } from './table.ts'
import { isVisible, isWhole, type View, wholeView } from './view.ts'

/** The names of records as they are now, by id; of those only that may be seen. */
export async function recordNames(
  db: Queryable,
  tables: readonly SyncedTable[],
  ids: readonly string[],
  view: View = wholeView,
): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map()
  const values = [tables.map(({ id }) => id), [...new Set(ids)]]
  if (isWhole(view)) {
    const { rows } = await db.query<{ id: string; name: string | null }>({
      name: 'record-names',
      text: 'select id, name from jackfield.record where table_id = any($1::int[]) and id = any($2::uuid[])',
      values,
    })
    return new Map(rows.map(({ id, name }) => [id, name]))
  }
  return seenNames(db, tables, view, values)
}

interface Row {
  tableId: number
  id: string
  name: string | null
  links: string[] | null
  source: string | null
}

async function seenNames(
  db: Queryable,
  tables: readonly SyncedTable[],
  view: View,
  values: unknown[],
): Promise<Map<string, string | null>> {
  const { rows } = await db.query<Row>({
    name: 'record-names-seen',
    text: `select table_id as "tableId", id, name, links, source from jackfield.record
      where table_id = any($1::int[]) and id = any($2::uuid[])`,
    values,
  })
  const names = new Map<string, string | null>()
  for (const row of rows) {
    const table = tables.find(({ id }) => id === row.tableId)
    if (table && isVisible(row, table, view.of(table))) names.set(row.id, nameWithout(row, table, view.of(table)))
  }
  return names
}

import type { Queryable } from '#database/pool.ts'

/** The names of records as they are now, by id. */
export async function recordNames(
  db: Queryable,
  tableIds: readonly number[],
  ids: readonly string[],
): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<{ id: string; name: string | null }>({
    name: 'record-names',
    text: 'select id, name from jackfield.record where table_id = any($1::int[]) and id = any($2::uuid[])',
    values: [tableIds, [...new Set(ids)]],
  })
  return new Map(rows.map(({ id, name }) => [id, name]))
}

import type { Queryable } from '#database/pool.ts'
import { type Finder, findRecords, type HubRecord } from './find.ts'

/** Entities that somebody may wait for an answer to. */
const workEntities = ['incident']
/** By these a piece of work says whose it is. */
const customerRoles = ['customer', 'primary_contact']
/** Of each record; who has more open has too many to read while the phone rings. */
const mostOpen = 10

/** An open piece of work, and the record that it is of. */
export interface OpenWork {
  of: string
  work: HubRecord
}

const OPEN = {
  name: 'records-open-work',
  text: `select w.of, r.id from unnest($1::uuid[], $2::text[], $3::int[]) as w(of, source_id, table_id)
    cross join lateral (select distinct r.id, r.modified_at from jackfield.relation l
      join jackfield.record r on r.table_id = l.table_id and r.id = l.record_id
      where l.target_source_id = w.source_id and l.role = any($4::text[]) and l.table_id = w.table_id
        and r.active and r.deleted_at is null and r.out_of_scope_at is null
      order by r.modified_at desc nulls last limit ${mostOpen}) r`,
}

/** What is open for these records, the latest changed first; of that only what may be seen. */
export async function openWork(
  db: Queryable,
  finder: Finder,
  records: readonly Pick<HubRecord, 'id' | 'connectionId' | 'source'>[],
): Promise<OpenWork[]> {
  const tables = (await finder.tables.all()).filter(({ entity }) => workEntities.includes(entity))
  const asked = records.flatMap((record) =>
    tables.filter((table) => table.connectionId === record.connectionId).map((table) => ({ record, table })),
  )
  if (asked.length === 0) return []
  const { rows } = await db.query<{ of: string; id: string }>({
    ...OPEN,
    values: [
      asked.map(({ record }) => record.id),
      asked.map(({ record }) => record.source.id),
      asked.map(({ table }) => table.id),
      customerRoles,
    ],
  })
  const works = await findRecords(
    db,
    finder,
    rows.map(({ id }) => id),
  )
  const byId = new Map(works.map((work) => [work.id, work]))
  return rows.flatMap(({ of, id }) => {
    const work = byId.get(id)
    return work ? [{ of, work }] : []
  })
}

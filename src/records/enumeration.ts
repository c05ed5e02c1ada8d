import type { Pool, Transaction } from '#database/pool.ts'
import { type Mark, markLiteral } from '#model/mark.ts'
import { contentHashSql } from './content.ts'
import { literals, texts } from './lists.ts'

/** A difference between the CRM and the hub, before it is confirmed by reading the record. */
export interface Difference {
  id: string
  sourceId: string
  /**
   * `missing`: not held. `version`: held in another version. `content`: its text is not the one that was stored.
   * `extra`: held, but not listed. `identity`: its id is not made of its source id.
   * `derived`: its name, numbers or relations are not what its own text says.
   */
  kind: 'missing' | 'version' | 'content' | 'extra' | 'identity' | 'derived'
}

/** Ids and marks as the CRM lists them, set beside what the hub holds; lives in one database session and ends with it. */
export interface Enumeration {
  add(entries: readonly { id: string; sourceId: string; mark: Mark | null }[]): Promise<void>
  /** Only after the whole table was listed. */
  differences(limit: number): Promise<Difference[]>
  counts(): Promise<{ crm: number; held: number }>
  close(): Promise<void>
}

export async function openEnumeration(pool: Pool, tableId: number, firstTicket: bigint): Promise<Enumeration> {
  const client = await pool.connect()
  client.on('error', ignore)
  const close = async () => {
    client.off('error', ignore)
    // The session ends with its temporary table: the next user of the pool must not meet it.
    client.release(true)
  }
  try {
    await client.query('drop table if exists pg_temp.listed')
    await client.query(
      'create temp table listed(id uuid primary key, mark bigint[], source_id text collate "C" not null)',
    )
  } catch (error) {
    await close()
    throw error
  }
  return {
    add: async (entries) => {
      await client.query({
        name: 'listed-add',
        text: `insert into pg_temp.listed(id, mark, source_id)
          select id, mark::bigint[], source_id
          from rows from (unnest($1::uuid[]), string_to_table($2, E'\\x1e', ''), string_to_table($3, E'\\x1e')) as page(id, mark, source_id)
          on conflict (id) do update set mark = excluded.mark`,
        values: [
          literals(entries.map(({ id }) => id)),
          texts(entries.map(({ mark }) => (mark === null ? '' : markLiteral(mark)))),
          texts(entries.map(({ sourceId }) => sourceId)),
        ],
      })
    },
    differences: (limit) => findDifferences(client, tableId, firstTicket, limit),
    counts: () => count(client, tableId),
    close,
  }
}

const ignore = () => undefined

// What is parked is known to differ; but one that is no longer listed is gone, parked or not.
const NOT_PARKED = (row: string) =>
  `not exists (select from jackfield.parked p where p.table_id = $1 and p.record_key = ${row}.source_id)`

async function findDifferences(
  client: Transaction,
  tableId: number,
  firstTicket: bigint,
  limit: number,
): Promise<Difference[]> {
  await client.query('analyze pg_temp.listed')
  // Comparing a million rows takes longer than any statement of the daily work may.
  await client.query('set statement_timeout = 0')
  const { rows } = await client.query<Difference>(
    `select * from (
      select l.id, l.source_id as "sourceId", 'missing' as kind from pg_temp.listed l
        left join jackfield.record r on r.table_id = $1 and r.id = l.id
        where (r.id is null or r.deleted_at is not null) and ${NOT_PARKED('l')}
      union all
      select r.id, r.source_id, case when r.mark is distinct from l.mark then 'version' else 'content' end
        from pg_temp.listed l join jackfield.record r on r.table_id = $1 and r.id = l.id
        where r.deleted_at is null and (r.mark is distinct from l.mark or r.out_of_scope_at is not null
          or r.content_hash is distinct from ${contentHashSql('r.source')}) and ${NOT_PARKED('r')}
      union all
      select r.id, r.source_id, 'extra' from jackfield.record r
        where r.table_id = $1 and r.deleted_at is null and r.out_of_scope_at is null and r.ticket < $2
          and not exists (select from pg_temp.listed l where l.id = r.id)) difference
    limit $3`,
    [tableId, firstTicket, limit],
  )
  return rows
}

async function count(client: Transaction, tableId: number): Promise<{ crm: number; held: number }> {
  const { rows } = await client.query<{ crm: bigint; held: bigint }>(
    `select (select count(*) from pg_temp.listed) as crm,
      (select count(*) from pg_temp.listed l join jackfield.record r on r.table_id = $1 and r.id = l.id
        where r.deleted_at is null and r.out_of_scope_at is null and r.mark is not distinct from l.mark) as held`,
    [tableId],
  )
  return { crm: Number(rows[0]!.crm), held: Number(rows[0]!.held) }
}

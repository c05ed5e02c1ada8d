import { inTransaction, type Pool, type Transaction } from '#database/pool.ts'

const batch = 5_000

// In the order of acceptance, from the oldest on: what failed or is unknown stays in the way of nothing, and is little.
const PURGE = {
  name: 'outbox-purge',
  text: `with looked as (select number, id, state, done_at, created_at from jackfield.outbox where number > $1 order by number limit ${batch}),
      gone as (delete from jackfield.outbox o using looked l where o.id = l.id and o.state in ('done', 'cancelled')
          and o.done_at < now() - make_interval(days => $2)
        returning o.connection_id, o.table_id, o.operation, o.state, o.created_at),
      counted as (insert into jackfield.outbox_past as p (connection_id, table_id, operation, state, count, accepted_until)
        select connection_id, table_id, operation, state, count(*), max(created_at) from gone group by 1, 2, 3, 4
        order by 1, 2, 3, 4
        on conflict (connection_id, table_id, operation, state) do update
          set count = p.count + excluded.count, accepted_until = greatest(p.accepted_until, excluded.accepted_until))
    select (select max(number) from looked) as last, (select count(*) from gone)::int as removed,
      (select coalesce(bool_and(created_at >= now() - make_interval(days => $2)), true) from looked) as young`,
}

interface Purged {
  last: bigint | null
  removed: number
  young: boolean
}

/**
 * Removes writes that were done or cancelled so many days ago, and counts them for the ledger; answers how many. What
 * failed, is unknown or on its way stays. With a write its key is forgotten: the same key is a new write from then on.
 */
export async function purgeWrites(pool: Pool, keepDays: number): Promise<number> {
  let removed = 0
  for (let after: bigint | null = 0n; after !== null; ) {
    const from: bigint = after
    const purged = await inTransaction(pool, (tx) => purgeSome(tx, from, keepDays))
    removed += purged.removed
    after = purged.young ? null : purged.last
  }
  return removed
}

async function purgeSome(tx: Transaction, after: bigint, keepDays: number): Promise<Purged> {
  return (await tx.query<Purged>({ ...PURGE, values: [after, keepDays] })).rows[0]!
}

import type { Queryable } from '#database/pool.ts'

/**
 * SQL for the transaction below which no change can appear any more: the oldest that runs, or the next one when none
 * does. A snapshot counts the transactions of every database of the server, and what runs in another one cannot write
 * to ours: a session stays in its database for life, and a number that a session there still holds is of no one else.
 * Read after the snapshot was taken, so what ended in between is waited for once more. A role that is not shown the
 * other sessions' numbers excludes none.
 */
export const feedHorizon = `(select coalesce((
    select running from pg_snapshot_xip(pg_current_snapshot()) as running
    where not exists (select from pg_stat_activity a
        where a.backend_xid = running::xid and a.datid <> (select oid from pg_database where datname = current_database()))
      and not exists (select from pg_prepared_xacts p
        where p.transaction = running::xid and p.database <> current_database())
    order by running limit 1), pg_snapshot_xmax(pg_current_snapshot())))`

export interface HeldBack {
  /** When the oldest change that cannot be read yet was fed. */
  since: Date
  /** Whose transaction it waits for, as far as the database tells. */
  by: string | null
}

const HELD_BACK = {
  name: 'feed-held-back',
  text: `with held as (select c.at from jackfield.change c where c.xid >= ${feedHorizon} order by c.xid, c.id limit 1)
    select held.at as since, (select format('process %s (%s, user %s)', a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'), a.usename)
        from pg_stat_activity a where a.backend_xid = ${feedHorizon}::xid limit 1) as session,
      (select format('the prepared transaction %L', p.gid) from pg_prepared_xacts p
        where p.transaction = ${feedHorizon}::xid limit 1) as prepared
    from held where held.at <= clock_timestamp() - make_interval(secs => $1)`,
}

/**
 * Changes that wait for somebody's long transaction in this very database, which may be shared with other programs: null
 * while none has waited so many seconds.
 */
export async function feedHeldBack(db: Queryable, seconds: number): Promise<HeldBack | null> {
  const { rows } = await db.query<{ since: Date; session: string | null; prepared: string | null }>({
    ...HELD_BACK,
    values: [seconds],
  })
  const held = rows[0]
  return held ? { since: held.since, by: held.session ?? held.prepared } : null
}

/**
 * SQL for the transaction below which nothing can appear any more: the oldest that runs, or the next one when none
 * does. A snapshot counts the transactions of every database of the server, and what runs in another one cannot write
 * to ours: a session stays in its database for life, and a number that a session there still holds is of no one else.
 * Read after the snapshot was taken, so what ended in between is waited for once more. A role that is not shown the
 * other sessions' numbers excludes none.
 */
export const horizon = `(select coalesce((
    select running from pg_snapshot_xip(pg_current_snapshot()) as running
    where not exists (select from pg_stat_activity a
        where a.backend_xid = running::xid and a.datid <> (select oid from pg_database where datname = current_database()))
      and not exists (select from pg_prepared_xacts p
        where p.transaction = running::xid and p.database <> current_database())
    order by running limit 1), pg_snapshot_xmax(pg_current_snapshot())))`

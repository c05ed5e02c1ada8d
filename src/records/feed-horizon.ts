import { horizon } from '#database/horizon.ts'
import type { Queryable } from '#database/pool.ts'

/** Whose transaction it is. What the server does not show of a session is null. */
type TransactionHolder =
  | { kind: 'session'; pid: number; application: string | null; user: string | null }
  | { kind: 'prepared'; gid: string }

export interface HeldBack {
  /** When the oldest change that cannot be read yet was fed. */
  since: Date
  /** Null where the database does not tell. */
  by: TransactionHolder | null
}

const HELD_BACK = {
  name: 'feed-held-back',
  text: `with horizon as (select ${horizon} as running),
      held as (select c.at from jackfield.change c where c.xid >= (select running from horizon) order by c.xid, c.id limit 1)
    select held.at as since, session.*, prepared.gid
    from held
    left join lateral (select a.pid, nullif(a.application_name, '') as application, a.usename as "user"
      from pg_stat_activity a where a.backend_xid = (select running::xid from horizon) limit 1) session on true
    left join lateral (select p.gid
      from pg_prepared_xacts p where p.transaction = (select running::xid from horizon) limit 1) prepared on true
    where held.at <= clock_timestamp() - make_interval(secs => $1)`,
}

interface HeldRow {
  since: Date
  pid: number | null
  application: string | null
  user: string | null
  gid: string | null
}

/**
 * Changes that wait for somebody's long transaction in this very database, which may be shared with other programs: null
 * while none has waited so many seconds.
 */
export async function feedHeldBack(db: Queryable, seconds: number): Promise<HeldBack | null> {
  const { rows } = await db.query<HeldRow>({ ...HELD_BACK, values: [seconds] })
  const held = rows[0]
  return held ? { since: held.since, by: holder(held) } : null
}

function holder({ pid, application, user, gid }: HeldRow): TransactionHolder | null {
  if (pid !== null) return { kind: 'session', pid, application, user }
  return gid === null ? null : { kind: 'prepared', gid }
}

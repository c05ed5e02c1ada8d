import { isHubError } from '#core/errors.ts'
import type { SyncContext } from './context.ts'

/** A run that ended before its walk did, and where that stands. */
interface LeftWalk {
  runId: string
  state: 'cancelled' | 'failed'
  connectionId: string
  crm: string
  link: string
}

// Its worker hears within a second that a run ended, and is not to meet a walk that was taken from under it. What the CRM
// keeps for a walk it forgets by itself after days.
const LEFT = `select r.id as "runId", r.state, t.connection_id as "connectionId", c.crm, p.next as link
  from jackfield.sync_run r
    join jackfield.synced_table t on t.id = r.table_id
    join jackfield.connection c on c.id = t.connection_id
    join lateral (select next from jackfield.sync_page where run_id = r.id order by number desc limit 1) p on true
  where r.state in ('cancelled', 'failed') and p.next is not null and c.state = 'active'
    and r.finished_at between now() - interval '7 days' and now() - interval '3 seconds'
    and (r.options->>'left')::numeric is distinct from extract(epoch from r.finished_at)
  order by r.finished_at limit 20`

const lookEveryMs = 2_000

/** Walks of runs that were cancelled or failed, of which the CRM was not told yet; none when asked again too soon. */
export function createLeftWalks({ pool }: Pick<SyncContext, 'pool'>): () => Promise<LeftWalk[]> {
  let from = 0
  return async () => {
    if (performance.now() < from) return []
    from = performance.now() + lookEveryMs
    return (await pool.query<LeftWalk>({ name: 'walks-left', text: LEFT })).rows
  }
}

/**
 * Tells the CRM that nobody goes on with these walks, so that it ends what it still does for them. A courtesy: what
 * cannot be told is told again while that may help.
 */
export async function leaveWalks(
  context: Pick<SyncContext, 'pool' | 'session' | 'connectorOf' | 'log'>,
  walks: readonly LeftWalk[],
): Promise<void> {
  for (const { runId, state, connectionId, crm, link } of walks) {
    try {
      const { leaveWalk } = context.connectorOf(crm)
      await leaveWalk?.(await context.session(connectionId), link, { mayGoOn: state === 'failed' })
    } catch (error) {
      context.log.info('a walk was not left', { run: runId, error: String(error) })
      if (isHubError(error, 'crm.unreachable', 'crm.timeout', 'crm.throttled', 'crm.dns', 'crm.tls')) continue
    }
    await context.pool.query(
      `update jackfield.sync_run set options = options || jsonb_build_object('left', extract(epoch from finished_at))
        where id = $1 and state = $2`,
      [runId, state],
    )
  }
}

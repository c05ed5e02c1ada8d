import type { Queryable } from '#database/pool.ts'
import type { StoredInteraction } from './store.ts'

const BEFORE = {
  name: 'interaction-wrote-before-leaving',
  text: `select exists (select from jackfield.interaction_event e where e.interaction_id = $1 and e.type = any($2)
      and e.at < (select max(l.at) from jackfield.interaction_event l where l.interaction_id = $1 and l.type = 'contact_left'))
    as wrote`,
}

/**
 * Whether something may have been written of it before the contact left, by the events' own times: when it was over the time
 * before, or went to another agent. What was written otherwise was only because the leaving was told late.
 */
export async function wroteBeforeLeaving(
  db: Queryable,
  { id, channel, contactLeft }: Pick<StoredInteraction, 'id' | 'channel' | 'contactLeft'>,
): Promise<boolean> {
  if (!contactLeft) return false
  const types = ['wrap_up_closed', 'dismissed', ...(channel === 'digital' ? ['transferred'] : [])]
  const { rows } = await db.query<{ wrote: boolean }>({ ...BEFORE, values: [id, types] })
  return rows[0]!.wrote
}

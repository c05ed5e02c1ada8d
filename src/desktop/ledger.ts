import type { Queryable } from '#database/pool.ts'

/** The books of what is over: interactions = activities, of those with a linked record. */
export interface InteractionLedger {
  interactions: number
  /** Kept no longer: all of theirs was done. */
  removed: number
  nothingLinked: number
  withLink: number
  /** That are in the CRM. */
  activities: number
  done: number
  waiting: number
  failed: number
  unknown: number
}

/** What is to stand in the CRM does not, or not yet: of an interaction `i`. */
export const differs = `(i.memorialize_problem is not null or (i.state = 'closed' and i.memorialize_at is not null)
  or exists (select from jackfield.memorial m left join jackfield.outbox o on o.id = m.write_id
    where m.interaction_id = i.id and (m.problem is not null or o.state <> 'done')))`

/** Of an agent workflow `w`. */
export const writesSomething = `(w.definition->'timeline' <> 'null'
  or jsonb_array_length(w.definition->'memorializationIds') > 0)`

// An interaction stands where the gravest of its parts stands. What the outbox no longer has was done.
const LEDGER = {
  name: 'interactions-ledger',
  text: `select count(*)::int as interactions, (count(*) filter (where removed))::int as removed,
      (count(*) filter (where not linked))::int as "nothingLinked",
      (count(*) filter (where linked))::int as "withLink", sum(activities)::int as activities,
      (count(*) filter (where linked and not failed and not unknown and not waiting))::int as done,
      (count(*) filter (where linked and not failed and not unknown and waiting))::int as waiting,
      (count(*) filter (where linked and failed))::int as failed,
      (count(*) filter (where linked and not failed and unknown))::int as unknown
    from (select
        exists (select from jackfield.interaction_link k where k.interaction_id = i.id and k.linked) as linked,
        count(*) filter (where m.target = 'activity' and m.write_id is not null
          and (o.id is null or o.state = 'done' or o.operation <> 'create')) as activities,
        i.memorialize_problem is not null or coalesce(bool_or(m.problem is not null or o.state in ('failed', 'cancelled')), false)
          as failed,
        coalesce(bool_or(o.state = 'unknown'), false) as unknown,
        i.memorialize_at is not null or coalesce(bool_or(o.state in ('kept', 'sending', 'sent')), false) as waiting,
        false as removed
      from jackfield.interaction i
        join jackfield.agent_workflow w on w.id = i.agent_workflow_id and ${writesSomething}
        left join jackfield.memorial m on m.interaction_id = i.id
        left join jackfield.outbox o on o.id = m.write_id
      where i.state = 'closed' group by i.id
      union all select links @> '[{"linked":true}]', (activity is not null)::int, false, false, false, true
        from jackfield.interaction_past where counted) as each`,
}

export async function interactionLedger(db: Queryable): Promise<InteractionLedger> {
  const [row] = (await db.query<InteractionLedger>(LEDGER)).rows
  return { ...row!, activities: row!.activities ?? 0 }
}

import type { Pool, Queryable } from '#database/pool.ts'
import { writesSomething } from './ledger.ts'
import { activityTarget } from './memorial.ts'

const batch = 500

// What is on its way, was refused or is unknown keeps its interaction, however old. Both clocks: one that was told late
// stays as long as one that was told at once.
const PURGE = {
  name: 'interactions-purge',
  text: `with old as materialized (select i.id, i.moments, i.agent_workflow_id from jackfield.interaction i
      where i.offered_at < clock_timestamp() - make_interval(days => $1)
        and i.closed_at < clock_timestamp() - make_interval(days => $1)
        and i.changed_at < clock_timestamp() - make_interval(days => $1)
        and i.state = 'closed' and i.memorialize_at is null and i.memorialize_problem is null
        and i.memorialized_at is not null and i.moments_at is null
        and not exists (select from jackfield.interaction_link k left join jackfield.outbox o on o.id = k.write_id
          where k.interaction_id = i.id and k.linked and k.write_id is not null
            and (o.id is not null or k.source_id like 'new:%'))
        and not exists (select from jackfield.memorial m left join jackfield.outbox o on o.id = m.write_id
          where m.interaction_id = i.id and (m.problem is not null or coalesce(o.state, m.told, 'done') <> 'done'))
        and not exists (select from jackfield.waiting_run w where w.interaction_id = i.id and w.problem is null)
      order by i.offered_at limit ${batch} for update of i skip locked),
    kept as (insert into jackfield.interaction_past (id, counted, links, moments, activity)
      select old.id,
        exists (select from jackfield.agent_workflow w where w.id = old.agent_workflow_id and ${writesSomething}),
        (select coalesce(jsonb_agg(jsonb_build_object('recordId', k.record_id, 'connectionId', k.connection_id,
            'entity', k.entity, 'sourceId', k.source_id, 'linked', k.linked)), '[]')
          from jackfield.interaction_link k where k.interaction_id = old.id), old.moments,
        (select jsonb_build_object('connectionId', m.connection_id, 'entity', m.entity,
            'recordId', coalesce(o.record_id, m.record_id), 'sourceId', coalesce(o.source_id, m.source_id),
            'revision', m.revision, 'writeId', m.write_id)
          from jackfield.memorial m left join jackfield.outbox o on o.id = m.write_id
          where m.interaction_id = old.id and m.target = '${activityTarget}' and m.write_id is not null)
      from old),
    written as (delete from jackfield.memorial m using old where m.interaction_id = old.id)
    delete from jackfield.interaction i using old where i.id = old.id`,
}

/**
 * Removes interactions that were over and written to the CRM so many days ago, with all that was told and typed of them;
 * answers how many. 0 days: none ever.
 */
export async function purgeInteractions(pool: Pool, keepDays: number): Promise<number> {
  let removed = 0
  let last = keepDays === 0 ? 0 : batch
  while (last === batch) {
    last = (await pool.query({ ...PURGE, values: [keepDays] })).rowCount ?? 0
    removed += last
  }
  return removed
}

// What the activity was last asked to hold is forgotten: whatever is told anew is written into it once more.
const BEGIN = {
  name: 'interaction-begin',
  text: `with back as (delete from jackfield.interaction_past where id = $1 returning links, moments, activity),
    begun as (insert into jackfield.interaction (id, source, external_id, channel, channel_type, direction, state, data,
        script_variables, offered_at, moments)
      values ($1, $2, $3, 'voice', 'voice', 'inbound', 'offered', '{}', '{}', $4,
        coalesce((select moments from back), '{}'))
      on conflict do nothing),
    about as (insert into jackfield.interaction_link (interaction_id, record_id, connection_id, entity, source_id, linked,
        linked_by)
      select $1, k."recordId", k."connectionId", k.entity, k."sourceId", k.linked, 'hub:hub'
        from back, jsonb_to_recordset(back.links) as k("recordId" uuid, "connectionId" uuid, entity text, "sourceId" text,
          linked boolean)
      on conflict do nothing)
    insert into jackfield.memorial (interaction_id, target, connection_id, entity, record_id, source_id, fields, revision,
        write_id, told)
      select $1, '${activityTarget}', (activity->>'connectionId')::uuid, activity->>'entity',
        (activity->>'recordId')::uuid, activity->>'sourceId', '{}', (activity->>'revision')::integer,
        (activity->>'writeId')::uuid, 'done'
      from back where activity is not null
      on conflict do nothing`,
}

/** Makes the row that its events are kept at, where it is not there yet; one that was removed has its links and its activity again. */
export async function beginInteraction(
  db: Queryable,
  { id, source, externalId, at }: { id: string; source: string; externalId: string; at: Date },
): Promise<void> {
  await db.query({ ...BEGIN, values: [id, source, externalId, at] })
}

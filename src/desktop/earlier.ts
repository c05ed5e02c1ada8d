import type { Queryable } from '#database/pool.ts'
import type { StoredInteraction } from './store.ts'

interface Asked {
  interaction: StoredInteraction
  recordIds: readonly string[]
  viewer: { author: string; personId: string | null }
}

export interface EarlierInteraction {
  id: string
  channelType: string
  direction: 'inbound' | 'outbound'
  at: Date
  agentName: string | null
  withYou: boolean
  disposition: string | null
  notes: string | null
}

/** Shown at most. */
const mostEarlier = 8

// With the same records, or from the same number: whichever way it is the same contact.
const EARLIER = {
  name: 'interactions-earlier',
  text: `select i.id, i.channel_type as "channelType", i.direction, i.offered_at as at,
      (select a.name from jackfield.interaction_agent a where a.interaction_id = i.id and a.state <> 'offered'
        order by a.since desc limit 1) as "agentName",
      exists (select from jackfield.interaction_agent a where a.interaction_id = i.id and a.person_id = $4) as "withYou",
      coalesce(n.disposition, i.data->>'dispositionName') as disposition, coalesce(n.notes, i.data->>'dispositionNotes') as notes
    from (select k.interaction_id as id from jackfield.interaction_link k where k.record_id = any($2::uuid[]) and k.linked
      union select o.id from jackfield.interaction o where o.address = $3 and $3 is not null) as same
    join jackfield.interaction i on i.id = same.id
    left join lateral (select nullif(string_agg(notes, E'\\n' order by saved_at) filter (where notes <> ''), '') as notes,
        (array_agg(disposition order by saved_at desc) filter (where disposition is not null))[1] as disposition
      from jackfield.interaction_note where interaction_id = i.id) n on true
    where i.id <> $1 and i.offered_at <= $5 order by i.offered_at desc limit ${mostEarlier}`,
}

export async function earlierInteractions(
  db: Queryable,
  { interaction, recordIds, viewer }: Asked,
): Promise<EarlierInteraction[]> {
  const values = [interaction.id, recordIds, interaction.address, viewer.personId, interaction.offeredAt]
  return (await db.query<EarlierInteraction>({ ...EARLIER, values })).rows
}

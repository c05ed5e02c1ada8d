import { inTransaction, type Pool, type Transaction } from '#database/pool.ts'
import { erasedAgent } from './agents.ts'

const batch = 500

// Only the interactions that somebody was on, or typed or told something of.
const HELD = {
  name: 'erase-person-held',
  text: `select i.id from jackfield.interaction i
    where i.id in (select interaction_id from jackfield.interaction_agent where person_id = $1
      union select interaction_id from jackfield.interaction_note where person_id = $1
      union select interaction_id from jackfield.waiting_run where requested_by = 'person:' || $1::uuid::text)
    order by i.id limit ${batch} for no key update`,
}

const agentData = `array['agentId', 'agentName', 'agentEmail']`
const without = (data: string) =>
  `${data} - array(select key from unnest(${agentData}) key where ${data}->>key = any(here.told))`

// A stranger's id in the place of theirs, another in each interaction, and the same in its events, of which it is made
// again. What was last asked of the CRM is compared with what is told, so it forgets the same.
const ERASE = {
  name: 'erase-person',
  text: `with agents as materialized (select interaction_id, agent_id, name, email,
        '${erasedAgent}' || gen_random_uuid() as erased
      from jackfield.interaction_agent where person_id = $1 and interaction_id = any($2::uuid[])),
    called as (select interaction_id, unnest(array[agent_id, name, email]) as value from agents
      union select e.interaction_id, unnest(array[e.agent->>'name', e.agent->>'email'])
        from jackfield.interaction_event e join agents a on a.interaction_id = e.interaction_id
          and e.agent->>'id' = a.agent_id),
    here as materialized (select id,
        coalesce((select jsonb_object_agg(agent_id, erased) from agents a where a.interaction_id = id), '{}') as ids,
        array(select value from called c where c.interaction_id = id and value is not null) as told
      from unnest($2::uuid[]) id),
    events as (update jackfield.interaction_event e set
        agent = case when here.ids ? (e.agent->>'id') then jsonb_build_object('id', here.ids->(e.agent->>'id'))
          else e.agent end,
        data = ${without('e.data')},
        sent_by = case when e.sent_by = 'person:' || $1::uuid::text then 'person:erased' else e.sent_by end
      from here where e.interaction_id = here.id),
    known as (update jackfield.interaction_agent a set agent_id = agents.erased, name = null, email = null,
        person_id = null
      from agents where a.interaction_id = agents.interaction_id and a.agent_id = agents.agent_id),
    typed as (update jackfield.interaction_note set author = '${erasedAgent}' || gen_random_uuid(), person_id = null
      where person_id = $1 and interaction_id = any($2::uuid[])),
    linked as (update jackfield.interaction_link set linked_by = 'person:erased'
      where linked_by = 'person:' || $1::uuid::text and interaction_id = any($2::uuid[])),
    waiting as (update jackfield.waiting_run set requested_by = 'person:erased'
      where requested_by = 'person:' || $1::uuid::text and interaction_id = any($2::uuid[])),
    asked as (update jackfield.memorial m set fields = coalesce((select jsonb_object_agg(f.key, f.value)
          from jsonb_each(m.fields) f where f.value #>> '{}' <> all(here.told)), '{}')
      from here where m.interaction_id = here.id and here.told <> '{}')
    update jackfield.interaction i set data = ${without('i.data')}, version = version + 1,
        changed_at = case when state = 'closed' then changed_at else clock_timestamp() end
      from here where i.id = here.id`,
}

/**
 * Takes a removed person's names out of all interactions, which stay, with what was typed and the activity in the CRM;
 * answers how many they were. Each batch stands for itself: whoever is interrupted goes on.
 */
export async function erasePerson(pool: Pool, personId: string): Promise<number> {
  let erased = 0
  let last = batch
  while (last === batch) {
    last = await inTransaction(pool, (tx) => eraseSome(tx, personId))
    erased += last
  }
  return erased
}

/** Two statements: what was told while the locks were waited for is seen by the second one. */
async function eraseSome(tx: Transaction, personId: string): Promise<number> {
  const ids = (await tx.query<{ id: string }>({ ...HELD, values: [personId] })).rows.map(({ id }) => id)
  if (ids.length > 0) await tx.query({ ...ERASE, values: [personId, ids] })
  return ids.length
}

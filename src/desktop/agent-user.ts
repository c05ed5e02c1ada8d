import { canonicalSourceId, recordId } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import type { SyncedTable } from '#records/table.ts'
import type { StoredInteraction } from './store.ts'

/** As contact centres call the script variable by which a CRM tells its own user (NICE CXone). */
const scriptVariable = 'crmuserid'

// Of whom the script told, the account that they linked, as which user the hub knows them, and whose e-mail address it is.
const USER = {
  name: 'interaction-agent-user',
  text: `with agent as (select a.person_id, a.email from jackfield.interaction_agent a
      where a.interaction_id = $1 and a.state <> 'offered' order by a.state = 'active' desc, a.since desc, a.agent_id limit 1)
    select coalesce(
      (select r.source_id from jackfield.record r where r.table_id = $2 and r.id = $4 and r.deleted_at is null),
      (select u.crm_user from jackfield.authentication u join agent on agent.person_id = u.person_id
        where u.connection_id = $3 and u.crm_user <> '' limit 1),
      (select min(r.source_id) from jackfield.person_owner o join agent on agent.person_id = o.person_id
        join jackfield.record r on r.id = o.record_id and r.table_id = $2 and r.deleted_at is null having count(*) = 1),
      (select min(r.source_id) from agent join jackfield.contact_point c
          on c.table_id = $2 and c.kind = 'e' and c.value = lower(agent.email)
        join jackfield.record r on r.table_id = c.table_id and r.id = c.record_id and r.deleted_at is null and r.active
        having count(distinct r.id) = 1)) as user`,
}

/** The CRM's own user behind the agent, where it is known without a doubt; `tables` are those of the connection. */
export async function agentUserOf(
  db: Queryable,
  { id, scriptVariables }: StoredInteraction,
  tables: readonly SyncedTable[],
): Promise<string | null> {
  const users = tables.find(({ entity }) => entity === 'user')
  if (!users) return null
  const { crm, organisation, entity } = users
  const told = scriptVariables[scriptVariable]?.trim()
  const sourceId = told ? canonicalSourceId(told) : null
  const toldId = sourceId && recordId({ crm, organisation, entity, sourceId })
  const values = [id, users.id, users.connectionId, toldId]
  return (await db.query<{ user: string | null }>({ ...USER, values })).rows[0]!.user
}

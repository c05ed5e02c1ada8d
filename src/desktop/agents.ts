import type { Queryable, Transaction } from '#database/pool.ts'
import { emailKey } from '#people/person.ts'
import type { FoldedAgent } from './interaction.ts'

/** Begins the id of an agent whose person was erased: their own id, which the contact centre knows, is gone. */
export const erasedAgent = 'erased:'

export interface InteractionAgent {
  id: string
  name: string | null
  personId: string | null
  state: 'offered' | 'active' | 'left'
}

// Who it is here: as somebody said, else by the e-mail address.
const SAVE = {
  name: 'interaction-agents-save',
  text: `insert into jackfield.interaction_agent as a (interaction_id, agent_id, name, email, person_id, state, since)
    select $1, g.agent_id, g.name, g.email, coalesce(
        (select n.person_id from jackfield.agent_identity n where n.source = $2 and n.agent_id = g.agent_id),
        (select p.id from jackfield.person p where p.email_key = g.email_key)), g.state, g.since
      from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
        as g(agent_id, name, email, email_key, state, since)
    on conflict (interaction_id, agent_id) do update set name = excluded.name, email = excluded.email,
      person_id = coalesce(excluded.person_id, a.person_id), state = excluded.state, since = excluded.since`,
}

export async function saveAgents(
  tx: Transaction,
  { id, source }: { id: string; source: string },
  agents: readonly FoldedAgent[],
): Promise<void> {
  if (agents.length === 0) return
  const list = <T>(value: (agent: FoldedAgent) => T) => agents.map(value)
  await tx.query({
    ...SAVE,
    values: [
      ...[id, source, list((one) => one.id), list((one) => one.name), list((one) => one.email)],
      list(({ email }) => (email === null ? null : emailKey(email))),
      ...[list(({ state }) => state), list(({ since }) => since)],
    ],
  })
}

export async function agentsOf(db: Queryable, ids: readonly string[]): Promise<Map<string, InteractionAgent[]>> {
  const { rows } = await db.query<InteractionAgent & { interactionId: string }>({
    name: 'interaction-agents',
    text: `select interaction_id as "interactionId", agent_id as id, name, person_id as "personId", state
      from jackfield.interaction_agent where interaction_id = any($1::uuid[]) order by since, agent_id`,
    values: [ids],
  })
  return Map.groupBy(rows, ({ interactionId }) => interactionId) as Map<string, InteractionAgent[]>
}

export interface AgentIdentity {
  source: string
  agentId: string
  personId: string
}

/** From now on; interactions of the past keep whom they were put down to. */
export async function setIdentity(db: Queryable, { source, agentId, personId }: AgentIdentity): Promise<void> {
  await db.query(
    `insert into jackfield.agent_identity (source, agent_id, person_id) values ($1, $2, $3)
      on conflict (source, agent_id) do update set person_id = excluded.person_id`,
    [source, agentId, personId],
  )
  await db.query(
    `update jackfield.interaction_agent a set person_id = $3 from jackfield.interaction i
      where i.id = a.interaction_id and i.source = $1 and a.agent_id = $2 and i.state <> 'closed'`,
    [source, agentId, personId],
  )
}

export async function removeIdentity(db: Queryable, source: string, agentId: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from jackfield.agent_identity where source = $1 and agent_id = $2', [
    ...[source, agentId],
  ])
  return rowCount === 1
}

export async function listIdentities(db: Queryable): Promise<(AgentIdentity & { personName: string })[]> {
  const { rows } = await db.query<AgentIdentity & { personName: string }>(
    `select n.source, n.agent_id as "agentId", n.person_id as "personId", p.name as "personName"
      from jackfield.agent_identity n join jackfield.person p on p.id = n.person_id order by 1, 2`,
  )
  return rows
}

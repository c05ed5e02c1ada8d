import type { Queryable } from '#database/pool.ts'
import type { AgentWorkflowDefinition } from './definitions.ts'

export interface ChosenWorkflow {
  id: string
  definition: AgentWorkflowDefinition
  configuration: { id: string; name: string; connectionId: string; screenPopDomain: string }
}

/** Where nothing is configured: found by the caller's number over everything, and written nowhere. */
export const unconfigured: AgentWorkflowDefinition = {
  searchId: null,
  dynamicDataIds: [],
  timeline: null,
  memorializationIds: [],
  createIds: [],
  updateIds: [],
  dispositions: [],
  tags: [],
  screenPop: { when: 'never', how: 'card' },
  wrapUpMinutes: 30,
}

interface Asked {
  skill: string | null
  channel: string
  channelType: string
  /** The interaction's agents, as far as they are people of the hub. */
  personIds: readonly string[]
}

const COLUMNS = `w.id, w.definition, json_build_object('id', c.id, 'name', c.name, 'connectionId', c.connection_id,
    'screenPopDomain', c.screen_pop_domain) as configuration
  from jackfield.agent_workflow w join jackfield.crm_configuration c on c.id = w.configuration_id`

// A configuration that names nobody is everybody's. Of several that fit, one that names whom it is for comes first.
const CHOOSE = {
  name: 'agent-workflow-choose',
  text: `select ${COLUMNS} where c.state = 'active'
      and (cardinality(w.skills) = 0 or lower($1) = any(select lower(s) from unnest(w.skills) s))
      and (cardinality(w.channels) = 0 or exists (select from unnest(w.channels) h where lower(h) in (lower($2), lower($3))))
      and ((cardinality(c.team_ids) = 0 and cardinality(c.person_ids) = 0) or c.person_ids && $4::uuid[]
        or exists (select from jackfield.team_member m where m.team_id = any(c.team_ids) and m.person_id = any($4::uuid[])))
    order by (cardinality(c.team_ids) + cardinality(c.person_ids) = 0), c.created_at, w.position, w.id limit 1`,
}

/** The first agent workflow that fits; null: none does. */
export async function chooseWorkflow(
  db: Queryable,
  { skill, channel, channelType, personIds }: Asked,
): Promise<ChosenWorkflow | null> {
  const values = [skill ?? '', channel, channelType, personIds]
  return (await db.query<ChosenWorkflow>({ ...CHOOSE, values })).rows[0] ?? null
}

/** The one that an interaction was put under; null where it is gone, or there was none. */
export async function loadWorkflow(db: Queryable, id: string | null): Promise<ChosenWorkflow | null> {
  if (id === null) return null
  const { rows } = await db.query<ChosenWorkflow>({
    name: 'agent-workflow-load',
    text: `select ${COLUMNS} where w.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/** Parts of a configuration by their ids, in that order; those that are switched off are left out. */
export async function loadParts<T>(
  db: Queryable,
  ids: readonly string[],
): Promise<{ id: string; kind: string; name: string; definition: T }[]> {
  if (ids.length === 0) return []
  const { rows } = await db.query<{ id: string; kind: string; name: string; definition: T }>({
    name: 'configuration-parts-active',
    text: `select id, kind, name, definition from jackfield.configuration_part where id = any($1::uuid[]) and active
      order by array_position($1::uuid[], id)`,
    values: [ids],
  })
  return rows
}

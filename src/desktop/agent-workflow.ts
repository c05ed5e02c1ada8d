import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'
import { lockConfiguration, needVersion } from './configuration.ts'
import type { AgentWorkflowDefinition } from './definitions.ts'

/** What runs for which skills and channels. */
export interface AgentWorkflow extends AgentWorkflowInput {
  id: string
  configurationId: string
  position: number
  version: number
  createdBy: string
  createdAt: Date
  changedAt: Date
}

export interface AgentWorkflowInput {
  name: string
  /** Names of skills; empty: all. */
  skills: string[]
  /** `voice`, `digital`, or types of channels; empty: all. */
  channels: string[]
  definition: AgentWorkflowDefinition
}

const SELECT = `select id, configuration_id as "configurationId", name, position, skills, channels, definition, version,
    created_by as "createdBy", created_at as "createdAt", changed_at as "changedAt" from jackfield.agent_workflow`

/** In the order in which they are tried. */
export async function listAgentWorkflows(db: Queryable, configurationId: string): Promise<AgentWorkflow[]> {
  const { rows } = await db.query<AgentWorkflow>({
    name: 'agent-workflows-list',
    text: `${SELECT} where configuration_id = $1 order by position, id`,
    values: [configurationId],
  })
  return rows
}

async function findAgentWorkflow(db: Queryable, configurationId: string, id: string): Promise<AgentWorkflow> {
  const { rows } = await db.query<AgentWorkflow>({
    name: 'agent-workflow-find',
    text: `${SELECT} where configuration_id = $1 and id = $2`,
    values: [configurationId, id],
  })
  if (rows[0]) return rows[0]
  throw new HubError('resource.not_found', `The configuration has no agent workflow ${id}`)
}

/** Tried last, until it is moved. */
export async function createAgentWorkflow(
  pool: Pool,
  configurationId: string,
  given: AgentWorkflowInput,
  by: string,
): Promise<AgentWorkflow> {
  const { name, skills, channels, definition } = given
  return inTransaction(pool, async (tx) => {
    await lockConfiguration(tx, configurationId)
    await needParts(tx, configurationId, definition)
    const id = uuidv7()
    await tx.query(
      `insert into jackfield.agent_workflow (id, configuration_id, name, position, skills, channels, definition, created_by)
       select $1, $2, $3, coalesce(max(position) + 1, 0), $4, $5, $6, $7 from jackfield.agent_workflow
        where configuration_id = $2`,
      [id, configurationId, name, distinct(skills), distinct(channels), JSON.stringify(definition), by],
    )
    return findAgentWorkflow(tx, configurationId, id)
  })
}

/** The whole of it anew. Throws settings.changed. */
export async function changeAgentWorkflow(
  pool: Pool,
  at: { configurationId: string; id: string; version: number },
  given: AgentWorkflowInput,
): Promise<AgentWorkflow> {
  const { configurationId, id, version } = at
  const { name, skills, channels, definition } = given
  return inTransaction(pool, async (tx) => {
    await lockConfiguration(tx, configurationId)
    needVersion(await findAgentWorkflow(tx, configurationId, id), version, 'agent workflow')
    await needParts(tx, configurationId, definition)
    await tx.query(
      `update jackfield.agent_workflow set name = $2, skills = $3, channels = $4, definition = $5,
         version = version + 1, changed_at = now() where id = $1`,
      [id, name, distinct(skills), distinct(channels), JSON.stringify(definition)],
    )
    return findAgentWorkflow(tx, configurationId, id)
  })
}

export async function deleteAgentWorkflow(db: Queryable, configurationId: string, id: string): Promise<void> {
  await findAgentWorkflow(db, configurationId, id)
  await db.query('delete from jackfield.agent_workflow where id = $1', [id])
}

/** All of them, each once; throws settings.changed where others were made or deleted meanwhile. */
export async function orderAgentWorkflows(
  pool: Pool,
  configurationId: string,
  ids: readonly string[],
): Promise<AgentWorkflow[]> {
  return inTransaction(pool, async (tx) => {
    await lockConfiguration(tx, configurationId)
    const there = (await listAgentWorkflows(tx, configurationId)).map(({ id }) => id)
    const asked = ids.map((id) => id.toLowerCase())
    if (asked.length !== there.length || there.some((id) => !asked.includes(id))) {
      throw new HubError(
        'settings.changed',
        'The order must name each agent workflow once, and others stand here now',
        {
          field: 'ids',
          mend: 'Read the list again and order what stands now.',
        },
      )
    }
    await tx.query(
      `update jackfield.agent_workflow w set position = o.at, version = version + 1, changed_at = now()
        from unnest($2::uuid[]) with ordinality o(id, at)
        where w.id = o.id and w.configuration_id = $1 and w.position <> o.at`,
      [configurationId, asked],
    )
    return listAgentWorkflows(tx, configurationId)
  })
}

const distinct = (names: readonly string[]) => [...new Set(names)]

/** Each part that is named is one of this configuration, and of the kind that is meant. */
async function needParts(tx: Transaction, configurationId: string, definition: AgentWorkflowDefinition): Promise<void> {
  const { rows } = await tx.query<{ id: string; kind: string }>(
    'select id, kind from jackfield.configuration_part where configuration_id = $1',
    [configurationId],
  )
  const kinds = new Map(rows.map(({ id, kind }) => [id, kind]))
  const named = [
    { field: 'searchId', kind: 'search', ids: definition.searchId === null ? [] : [definition.searchId] },
    { field: 'dynamicDataIds', kind: 'dynamic_data', ids: definition.dynamicDataIds },
    { field: 'memorializationIds', kind: 'memorialization', ids: definition.memorializationIds },
    { field: 'createIds', kind: 'create', ids: definition.createIds },
    { field: 'updateIds', kind: 'update', ids: definition.updateIds },
  ]
  for (const { field, kind, ids } of named) {
    const missing = ids.find((id) => kinds.get(id) !== kind)
    if (missing === undefined) continue
    throw new HubError('input.invalid', `The configuration has no part ${missing} of the kind ${kind}`, { field })
  }
}

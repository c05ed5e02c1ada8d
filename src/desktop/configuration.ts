import type { ConnectionState, Problem } from '#connections/connection.ts'
import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'
import type { PartKind } from './definitions.ts'

/** How agents work with one CRM. It keeps everything, whatever becomes of its connection. */
export interface Configuration extends Settings {
  id: string
  connectionId: string
  connectionName: string
  crm: string
  connectionState: ConnectionState
  connectionProblem: Problem | null
  authenticationId: string
  authenticationName: string
  /** How many of each kind. */
  parts: Partial<Record<PartKind, number>>
  agentWorkflows: number
  version: number
  createdBy: string
  createdAt: Date
  changedAt: Date
}

interface Settings {
  name: string
  description: string
  /** An origin. */
  screenPopDomain: string
  state: 'active' | 'off'
  /** Who uses it; both empty: everybody. */
  teamIds: string[]
  personIds: string[]
}

export type NewConfiguration = Omit<Settings, 'state'> & { connectionId: string }

const SELECT = `select f.id, f.name, f.description, f.connection_id as "connectionId", c.name as "connectionName", c.crm,
    c.state as "connectionState", c.problem as "connectionProblem", c.authentication_id as "authenticationId",
    a.name as "authenticationName", f.screen_pop_domain as "screenPopDomain", f.state, f.team_ids as "teamIds",
    f.person_ids as "personIds", f.version, f.created_by as "createdBy", f.created_at as "createdAt",
    f.changed_at as "changedAt",
    (select coalesce(jsonb_object_agg(p.kind, p.count), '{}') from (select kind, count(*) as count
      from jackfield.configuration_part where configuration_id = f.id group by kind) p) as parts,
    (select count(*)::integer from jackfield.agent_workflow w where w.configuration_id = f.id) as "agentWorkflows"
  from jackfield.crm_configuration f join jackfield.connection c on c.id = f.connection_id
    join jackfield.authentication a on a.id = c.authentication_id`

export async function listConfigurations(db: Queryable): Promise<Configuration[]> {
  const { rows } = await db.query<Configuration>({
    name: 'configurations-list',
    text: `${SELECT} order by lower(f.name)`,
  })
  return rows
}

/** Throws resource.not_found. */
export async function findConfiguration(db: Queryable, id: string): Promise<Configuration> {
  const { rows } = await db.query<Configuration>({
    name: 'configuration-find',
    text: `${SELECT} where f.id = $1`,
    values: [id],
  })
  if (rows[0]) return rows[0]
  throw new HubError('resource.not_found', `There is no CRM configuration ${id}`)
}

export async function createConfiguration(pool: Pool, given: NewConfiguration, by: string): Promise<Configuration> {
  const { connectionId, name, description, screenPopDomain, teamIds, personIds } = given
  return inTransaction(pool, async (tx) => {
    await needUsers(tx, given)
    const id = uuidv7()
    await tx.query(
      `insert into jackfield.crm_configuration
         (id, connection_id, name, description, screen_pop_domain, state, team_ids, person_ids, created_by)
       values ($1, $2, $3, $4, $5, 'active', $6, $7, $8)`,
      [id, connectionId, name, description, screenPopDomain, teamIds, personIds, by],
    )
    return findConfiguration(tx, id)
  }).catch(nameTaken(given.name))
}

/** Throws settings.changed where somebody else changed it since that version was read. */
export async function changeConfiguration(
  pool: Pool,
  id: string,
  { version, ...change }: Partial<Settings> & { version: number },
): Promise<Configuration> {
  return inTransaction(pool, async (tx) => {
    const before = await lockConfiguration(tx, id)
    needVersion(before, version, 'CRM configuration')
    await needUsers(tx, { teamIds: [], personIds: [], ...change })
    const { name, description, screenPopDomain, state, teamIds, personIds } = { ...before, ...change }
    await tx.query(
      `update jackfield.crm_configuration set name = $2, description = $3, screen_pop_domain = $4, state = $5,
         team_ids = $6, person_ids = $7, version = version + 1, changed_at = now() where id = $1`,
      [id, name, description, screenPopDomain, state, teamIds, personIds],
    )
    return findConfiguration(tx, id)
  }).catch(nameTaken(change.name))
}

/** Its parts and agent workflows go with it; what was written to the CRM stays. */
export async function deleteConfiguration(db: Queryable, id: string): Promise<void> {
  const { rowCount } = await db.query('delete from jackfield.crm_configuration where id = $1', [id])
  if (rowCount === 0) throw new HubError('resource.not_found', `There is no CRM configuration ${id}`)
}

/** Whatever is changed within it takes turns. */
export async function lockConfiguration(tx: Transaction, id: string): Promise<Configuration> {
  await tx.query('select from jackfield.crm_configuration where id = $1 for update', [id])
  return findConfiguration(tx, id)
}

/** Throws settings.changed. */
export function needVersion(found: { name: string; version: number }, version: number, what: string): void {
  if (version === found.version) return
  throw new HubError('settings.changed', `The ${what} “${found.name}” was changed meanwhile`, {
    field: 'version',
    mend: 'Read it again and make the change upon what stands now.',
  })
}

/** For a catch: 23505, a unique index refuses the name. */
export const nameTaken =
  (name: string | undefined) =>
  (error: unknown): never => {
    if ((error as { code?: unknown }).code !== '23505') throw error
    throw new HubError('desktop.name_taken', `There is one called “${name}” already`, { cause: error, field: 'name' })
  }

async function needUsers(
  tx: Transaction,
  { teamIds, personIds }: Pick<Settings, 'teamIds' | 'personIds'>,
): Promise<void> {
  const { rows } = await tx.query<{ field: string; id: string }>(
    `select 'teamIds' as field, id from unnest($1::uuid[]) id where id not in (select id from jackfield.team)
     union all
     select 'personIds', id from unnest($2::uuid[]) id where id not in (select id from jackfield.person)`,
    [teamIds, personIds],
  )
  const missing = rows[0]
  if (!missing) return
  const what = missing.field === 'teamIds' ? 'team' : 'person'
  throw new HubError('resource.not_found', `There is no ${what} ${missing.id}`, { field: missing.field })
}

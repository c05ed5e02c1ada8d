import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'

/** People who work together; what a team of the CRM owns can be the own of all its members. */
export interface Team {
  id: string
  name: string
  description: string
  /** Person ids. */
  members: string[]
  /** Record ids of users and teams of CRMs. */
  owners: string[]
  version: number
}

export type TeamSettings = Pick<Team, 'name' | 'description' | 'owners'>

const SELECT = `select t.id, t.name, t.description, t.version,
    array(select person_id::text from jackfield.team_member m where m.team_id = t.id order by 1) as members,
    array(select record_id::text from jackfield.team_owner o where o.team_id = t.id order by 1) as owners
  from jackfield.team t`

export async function listTeams(db: Queryable): Promise<Team[]> {
  return (await db.query<Team>({ name: 'teams-list', text: `${SELECT} order by lower(t.name)` })).rows
}

export async function findTeam(db: Queryable, id: string): Promise<Team> {
  const { rows } = await db.query<Team>({ name: 'teams-find', text: `${SELECT} where t.id = $1`, values: [id] })
  if (rows[0]) return rows[0]
  throw new HubError('resource.not_found', `There is no team ${id}`)
}

export async function createTeam(pool: Pool, settings: TeamSettings, by: string): Promise<Team> {
  return inTransaction(pool, async (tx) => {
    const id = uuidv7()
    await refuseTaken(tx, id, settings.name)
    await tx.query('insert into jackfield.team (id, name, description, created_by) values ($1, $2, $3, $4)', [
      ...[id, settings.name, settings.description, by],
    ])
    await writeOwners(tx, id, settings.owners)
    return findTeam(tx, id)
  })
}

/** Throws settings.changed where somebody else changed it since that version was read. */
export async function changeTeam(
  pool: Pool,
  id: string,
  change: Partial<TeamSettings> & { version?: number },
): Promise<Team> {
  return inTransaction(pool, async (tx) => {
    await tx.query('select from jackfield.team where id = $1 for update', [id])
    const team = await findTeam(tx, id)
    const { version, ...settings } = change
    if (version !== undefined && version !== team.version) {
      throw new HubError('settings.changed', `The team “${team.name}” was changed meanwhile`, {
        field: 'version',
        mend: 'Read it again and make the change upon what stands now.',
      })
    }
    const after = { ...team, ...settings }
    await refuseTaken(tx, id, after.name)
    await tx.query(
      'update jackfield.team set name = $2, description = $3, version = version + 1, changed_at = now() where id = $1',
      [id, after.name, after.description],
    )
    await tx.query('delete from jackfield.team_owner where team_id = $1', [id])
    await writeOwners(tx, id, after.owners)
    return findTeam(tx, id)
  })
}

/** Its members keep what they have otherwise. */
export async function deleteTeam(db: Queryable, id: string): Promise<void> {
  const { rowCount } = await db.query('delete from jackfield.team where id = $1', [id])
  if (rowCount === 0) throw new HubError('resource.not_found', `There is no team ${id}`)
}

/** Twice is as good as once. */
export async function addMember(pool: Pool, teamId: string, personId: string): Promise<Team> {
  return inTransaction(pool, async (tx) => {
    await tx.query('select from jackfield.team where id = $1 for share', [teamId])
    await findTeam(tx, teamId)
    await tx.query('insert into jackfield.team_member (team_id, person_id) values ($1, $2) on conflict do nothing', [
      ...[teamId, personId],
    ])
    return findTeam(tx, teamId)
  }).catch(nameMissingPerson)
}

export async function removeMember(db: Queryable, teamId: string, personId: string): Promise<Team> {
  await db.query('delete from jackfield.team_member where team_id = $1 and person_id = $2', [teamId, personId])
  return findTeam(db, teamId)
}

/** The CRMs' users that a person is. */
export async function ownersOfPerson(db: Queryable, personId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'owners-of-person',
    text: 'select record_id as id from jackfield.person_owner where person_id = $1 order by 1',
    values: [personId],
  })
  return rows.map(({ id }) => id)
}

export async function setOwnersOfPerson(pool: Pool, personId: string, owners: readonly string[]): Promise<string[]> {
  return inTransaction(pool, async (tx) => {
    await tx.query('delete from jackfield.person_owner where person_id = $1', [personId])
    await tx.query(
      'insert into jackfield.person_owner (person_id, record_id) select $1, unnest($2::uuid[]) on conflict do nothing',
      [personId, owners],
    )
    return ownersOfPerson(tx, personId)
  }).catch(nameMissingPerson)
}

/** 23503: the row that is referred to is not there. */
function nameMissingPerson(error: unknown): never {
  if ((error as { code?: unknown }).code !== '23503') throw error
  throw new HubError('resource.not_found', 'There is no such person', { cause: error, field: 'person' })
}

async function refuseTaken(tx: Transaction, id: string, name: string): Promise<void> {
  // Two who choose the same name at once take turns.
  await tx.query(`select pg_advisory_xact_lock(hashtext('jackfield.team_name'))`)
  const { rowCount } = await tx.query('select from jackfield.team where lower(name) = lower($1) and id <> $2', [
    name,
    id,
  ])
  if (rowCount) throw new HubError('team.name_taken', `There is a team “${name}” already`, { field: 'name' })
}

async function writeOwners(tx: Transaction, id: string, owners: readonly string[]): Promise<void> {
  await tx.query(
    'insert into jackfield.team_owner (team_id, record_id) select $1, unnest($2::uuid[]) on conflict do nothing',
    [id, owners],
  )
}

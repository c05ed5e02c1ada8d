import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'
import { readPermissions } from '#model/permission.ts'
import type { Reach } from '#model/sight.ts'
import { builtInRoles, type Right, type Role } from './role.ts'

/** What of a role people choose. */
export type RoleSettings = Pick<Role, 'name' | 'description' | 'permissions' | 'entities' | 'others'>

/** Who holds a role: as many people, and keys that are not revoked. */
export interface RoleUse {
  people: number
  keys: number
}

const everyOther = '*'

interface Row {
  id: string
  name: string
  description: string
  permissions: string[]
  version: number
  rights: { entity: string; reads: Reach; writes: Reach; masked: string[] }[]
}

const SELECT = `select r.id, r.name, r.description, r.permissions, r.version,
    (select coalesce(jsonb_agg(jsonb_build_object('entity', g.entity, 'reads', g.reads, 'writes', g.writes,
        'masked', (select coalesce(jsonb_agg(m.field order by m.field), '[]') from jackfield.role_mask m
          where m.role_id = g.role_id and m.entity = g.entity)) order by g.entity), '[]')
      from jackfield.role_right g where g.role_id = r.id) as rights
  from jackfield.role r`

function asRole({ id, name, description, permissions, version, rights }: Row): Role {
  const nothing: Right = { reads: 'none', writes: 'none', masked: [] }
  const { entity: _every, ...others } = rights.find(({ entity }) => entity === everyOther) ?? { entity: '', ...nothing }
  return {
    ...{ id, name, description, version },
    builtIn: false,
    permissions: readPermissions(permissions),
    entities: rights.filter(({ entity }) => entity !== everyOther),
    others,
  }
}

/** The built-in ones, then those that people made, by name. */
export async function listRoles(db: Queryable): Promise<Role[]> {
  const { rows } = await db.query<Row>({ name: 'roles-list', text: `${SELECT} order by lower(r.name)` })
  return [...builtInRoles, ...rows.map(asRole)]
}

/** Those of these roles that there are; one that nobody knows any more lets nobody do anything. */
export async function rolesById(db: Queryable, ids: readonly string[]): Promise<Role[]> {
  const inCode = builtInRoles.filter(({ id }) => ids.includes(id))
  const others = ids.filter((id) => !inCode.some((role) => role.id === id))
  if (others.length === 0) return inCode
  const { rows } = await db.query<Row>({
    name: 'roles-by-id',
    text: `${SELECT} where r.id = any($1)`,
    values: [others],
  })
  return [...inCode, ...rows.map(asRole)]
}

/** What people called those of these roles that are not built in; the built-in ones have a name in each language. */
export async function namesOfRoles(db: Queryable, ids: readonly string[]): Promise<Record<string, string>> {
  const own = (await rolesById(db, ids)).filter(({ builtIn }) => !builtIn)
  return Object.fromEntries(own.map(({ id, name }) => [id, name]))
}

export async function findRole(db: Queryable, id: string): Promise<Role> {
  const [role] = await rolesById(db, [id])
  if (role) return role
  throw new HubError('resource.not_found', `There is no role ${id.slice(0, 60)}`, { field: 'role' })
}

/**
 * For whoever gives roles to somebody, in that transaction: the roles, which are not deleted before it ends. Throws
 * resource.not_found where there is no such role.
 */
export async function holdRoles(tx: Transaction, ids: readonly string[]): Promise<Role[]> {
  await tx.query(`select from jackfield.role where id = any($1) order by id for share`, [ids])
  return Promise.all(ids.map((id) => findRole(tx, id)))
}

export async function roleUse(db: Queryable): Promise<Map<string, RoleUse>> {
  const { rows } = await db.query<{ role: string } & RoleUse>({
    name: 'roles-use',
    text: `select role, sum(people)::int as people, sum(keys)::int as keys from (
        select role, 1 as people, 0 as keys from jackfield.person_role
        union all select role, 0, 1 from jackfield.api_key where role is not null and revoked_at is null) held group by role`,
  })
  return new Map(rows.map(({ role, people, keys }) => [role, { people, keys }]))
}

export async function createRole(pool: Pool, settings: RoleSettings, by: string): Promise<Role> {
  return inTransaction(pool, async (tx) => {
    const id = uuidv7()
    await refuseTaken(tx, id, settings.name)
    await tx.query(
      'insert into jackfield.role (id, name, description, permissions, created_by) values ($1, $2, $3, $4, $5)',
      [id, settings.name, settings.description, settings.permissions, by],
    )
    await writeRights(tx, id, settings)
    return findRole(tx, id)
  })
}

/** Throws settings.changed where somebody else changed it since that version was read. */
export async function changeRole(
  pool: Pool,
  id: string,
  change: Partial<RoleSettings> & { version?: number },
): Promise<Role> {
  refuseBuiltIn(id, 'changed')
  return inTransaction(pool, async (tx) => {
    const role = await lockRole(tx, id)
    const { version, ...settings } = change
    if (version !== undefined && version !== role.version) {
      throw new HubError('settings.changed', `The role “${role.name}” was changed meanwhile`, {
        field: 'version',
        mend: 'Read it again and make the change upon what stands now.',
      })
    }
    const after = { ...role, ...settings }
    await refuseTaken(tx, id, after.name)
    await tx.query(
      `update jackfield.role set name = $2, description = $3, permissions = $4, version = version + 1, changed_at = now()
       where id = $1`,
      [id, after.name, after.description, after.permissions],
    )
    await tx.query('delete from jackfield.role_right where role_id = $1', [id])
    await writeRights(tx, id, after)
    return findRole(tx, id)
  })
}

/** Throws role.in_use while a person or a key has it. */
export async function deleteRole(pool: Pool, id: string): Promise<void> {
  refuseBuiltIn(id, 'deleted')
  await inTransaction(pool, async (tx) => {
    const { name } = await lockRole(tx, id)
    const use = (await roleUse(tx)).get(id)
    if (use) {
      throw new HubError('role.in_use', `${told(use)} the role “${name}”`, {
        mend: 'Give them another role first.',
      })
    }
    await tx.query('delete from jackfield.role where id = $1', [id])
  })
}

function told({ people, keys }: RoleUse): string {
  const counts = [
    people > 0 ? `${people} ${people === 1 ? 'person' : 'people'}` : '',
    keys > 0 ? `${keys} ${keys === 1 ? 'key' : 'keys'}` : '',
  ].filter((part) => part !== '')
  return `${counts.join(' and ')} ${people + keys === 1 ? 'has' : 'have'}`
}

function refuseBuiltIn(id: string, what: string): void {
  const role = builtInRoles.find((one) => one.id === id)
  if (!role) return
  throw new HubError('role.built_in', `The role “${role.name}” is built in and cannot be ${what}`, {
    mend: 'Make a copy of it and change that.',
  })
}

async function lockRole(tx: Transaction, id: string): Promise<Role> {
  await tx.query('select from jackfield.role where id = $1 for update', [id])
  return findRole(tx, id)
}

async function refuseTaken(tx: Transaction, id: string, name: string): Promise<void> {
  // Two who choose the same name at once take turns.
  await tx.query(`select pg_advisory_xact_lock(hashtext('jackfield.role_name'))`)
  const { rowCount } = await tx.query('select from jackfield.role where lower(name) = lower($1) and id <> $2', [
    name,
    id,
  ])
  const isBuiltIn = builtInRoles.some((role) => role.name.toLowerCase() === name.toLowerCase())
  if (rowCount === 0 && !isBuiltIn) return
  throw new HubError('role.name_taken', `There is a role “${name}” already`, { field: 'name' })
}

async function writeRights(tx: Transaction, id: string, { entities, others }: RoleSettings): Promise<void> {
  for (const { entity, reads, writes, masked } of [...entities, { entity: everyOther, ...others }]) {
    await tx.query('insert into jackfield.role_right (role_id, entity, reads, writes) values ($1, $2, $3, $4)', [
      ...[id, entity, reads, writes],
    ])
    await tx.query(
      'insert into jackfield.role_mask (role_id, entity, field) select $1, $2, unnest($3::text[]) on conflict do nothing',
      [id, entity, masked],
    )
  }
}

import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import type { Permission } from '#model/permission.ts'
import { fullSight, isWithin, noSight, type Sight } from '#model/sight.ts'
import { type Grants, grantsOf } from './role.ts'
import { rolesById } from './role-store.ts'

const OF_PERSON = {
  name: 'grants-of-person',
  text: `select array(select role from jackfield.person_role where person_id = $1) as roles,
      array(select record_id::text from jackfield.person_owner where person_id = $1
        union select o.record_id::text from jackfield.team_member m join jackfield.team_owner o on o.team_id = m.team_id
          where m.person_id = $1) as owners`,
}

/** What a person's roles let them do and see, and what is their own. */
export async function grantsOfPerson(db: Queryable, personId: string): Promise<Grants & { roles: string[] }> {
  const { rows } = await db.query<{ roles: string[]; owners: string[] }>({ ...OF_PERSON, values: [personId] })
  const { roles, owners } = rows[0]!
  return { ...grantsOf(await rolesById(db, roles), new Set(owners)), roles }
}

/** A key sees what its role sees; without one all. A role that is gone shows nothing. */
export async function sightOfKey(db: Queryable, role: string | null, owners: readonly string[]): Promise<Sight> {
  if (role === null) return fullSight
  const roles = await rolesById(db, [role])
  return roles.length === 0 ? noSight : grantsOf(roles, new Set(owners)).sight
}

/** What nobody may give away: permissions or sight beyond their own. Null: it is all within. */
export function beyond(given: Grants, own: Grants): Permission[] | 'sight' | null {
  const more = [...given.permissions].filter((permission) => !own.permissions.has(permission))
  if (more.length > 0) return more
  return isWithin(effective(given), effective(own)) ? null : 'sight'
}

/** Whoever gives a right has it: by roles, keys and what is given to people. Throws auth.denied. */
export function refuseBeyond(own: Grants, given: Grants): void {
  const more = beyond(given, own)
  if (more === null) return
  const what = more === 'sight' ? 'records or fields that you do not see' : more.join(', ')
  throw new HubError('auth.denied', `Nobody can give away more than they have: ${what}`)
}

/** Rights over records count only with the permission that they are of. */
function effective({ permissions, sight }: Grants): Sight {
  const [reads, writes] = [permissions.has('read:records'), permissions.has('write:records')]
  if (reads && writes) return sight
  const cut = (part: Sight['others']) => ({
    reads: reads ? part.reads : ('none' as const),
    writes: writes ? part.writes : ('none' as const),
    masked: part.masked,
  })
  const entities = new Map([...sight.entities].map(([entity, part]) => [entity, cut(part)]))
  return { all: false, entities, others: cut(sight.others), owners: sight.owners }
}

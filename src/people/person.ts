import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Pool, Queryable, Transaction } from '#database/pool.ts'
import { inTransaction } from '#database/pool.ts'
import { beyond, grantsOfPerson, refuseBeyond } from './grants.ts'
import type { Principal } from './principal.ts'
import { type Grants, grantsOf } from './role.ts'
import { holdRoles } from './role-store.ts'

export interface Person {
  id: string
  name: string
  email: string | null
  state: 'active' | 'suspended'
  roles: string[]
  hasPassword: boolean
  hasTotp: boolean
  passkeys: number
  /** Accounts of providers by which they sign in. */
  identities: number
  createdAt: Date
  createdBy: string
  signedInAt: Date | null
}

const SELECT = `select p.id, p.name, p.email, p.state,
    array(select role from jackfield.person_role r where r.person_id = p.id order by role) as roles,
    p.password is not null as "hasPassword",
    exists (select from jackfield.totp t where t.person_id = p.id and t.confirmed_at is not null) as "hasTotp",
    (select count(*)::int from jackfield.passkey k where k.person_id = p.id) as passkeys,
    (select count(*)::int from jackfield.external_identity i where i.person_id = p.id) as identities,
    p.created_at as "createdAt", p.created_by as "createdBy", p.signed_in_at as "signedInAt"
  from jackfield.person p`

/** The address as it is compared: one person has one account, however the address is written. */
export const emailKey = (email: string) => email.normalize('NFKC').toLowerCase()

export interface NewPerson {
  id?: string
  name: string
  email: string | null
  roles: readonly string[]
  createdBy: string
}

export async function createPerson(tx: Transaction, given: NewPerson): Promise<Person> {
  const { id = uuidv7(), name, email, roles, createdBy } = given
  await tx
    .query(`insert into jackfield.person (id, name, email, email_key, created_by) values ($1, $2, $3, $4, $5)`, [
      ...[id, name, email],
      ...[email === null ? null : emailKey(email), createdBy],
    ])
    .catch(nameTaken)
  await insertRoles(tx, id, roles)
  return findPerson(tx, id)
}

export async function listPeople(db: Queryable): Promise<Person[]> {
  return (await db.query<Person>(`${SELECT} order by lower(p.name), p.id`)).rows
}

/** Throws resource.not_found. */
export async function findPerson(db: Queryable, id: string): Promise<Person> {
  const { rows } = await db.query<Person>(`${SELECT} where p.id = $1`, [id])
  if (!rows[0]) throw new HubError('resource.not_found', `There is no person ${id}`)
  return rows[0]
}

export async function findPersonByEmail(db: Queryable, email: string): Promise<Person | null> {
  const { rows } = await db.query<Person>(`${SELECT} where p.email_key = $1`, [emailKey(email)])
  return rows[0] ?? null
}

/** Names are not unique, addresses are. */
export async function renamePerson(
  db: Queryable,
  id: string,
  { name, email }: { name?: string; email?: string },
): Promise<Person> {
  await db
    .query(
      `update jackfield.person set name = coalesce($2, name), email = coalesce($3, email),
         email_key = coalesce($4, email_key) where id = $1`,
      [id, name ?? null, email ?? null, email === undefined ? null : emailKey(email)],
    )
    .catch(nameTaken)
  return findPerson(db, id)
}

const uniqueViolation = '23505'

function nameTaken(error: unknown): never {
  if ((error as { code?: unknown }).code !== uniqueViolation) throw error
  throw new HubError('people.exists', 'Another person has this e-mail address', {
    field: 'email',
    mend: 'Give another address, or change the account that has it.',
  })
}

async function insertRoles(tx: Transaction, id: string, roles: readonly string[]): Promise<void> {
  await holdRoles(tx, roles)
  await tx.query(
    `insert into jackfield.person_role (person_id, role) select $1, unnest($2::text[]) on conflict do nothing`,
    [id, [...new Set(roles)]],
  )
}

/** Their sessions get a new token at their next request: what was seen of an old one must not gain rights. */
export function setRoles(pool: Pool, actor: Principal, id: string, roles: readonly string[]): Promise<Person> {
  return changeRights(pool, actor, id, async (tx, own) => {
    // Those that stay keep what they came from: a role given by a group is still taken by it.
    await tx.query('delete from jackfield.person_role where person_id = $1 and role <> all($2)', [id, roles])
    await insertRoles(tx, id, roles)
    refuseBeyond(own, await grantsOfPerson(tx, id))
    await renewTokensOf(tx, id)
  })
}

/** At the next request of each session. */
export async function renewTokensOf(tx: Transaction, id: string): Promise<void> {
  await tx.query(`update jackfield.session set token_at = 'epoch' where person_id = $1 and ended_at is null`, [id])
}

/** A suspended person keeps everything but the way in. */
export function suspendPerson(pool: Pool, actor: Principal, id: string): Promise<Person> {
  return changeRights(pool, actor, id, async (tx) => {
    await tx.query(`update jackfield.person set state = 'suspended' where id = $1`, [id])
    await endSessionsOf(tx, id)
  })
}

export function activatePerson(pool: Pool, actor: Principal, id: string): Promise<Person> {
  return changeRights(pool, actor, id, async (tx) => {
    await tx.query(`update jackfield.person set state = 'active' where id = $1`, [id])
  })
}

/** Nothing of the person stays: sessions, factors and links go with the account. */
export async function removePerson(pool: Pool, actor: Principal, id: string): Promise<Person> {
  return changeRights(pool, actor, id, async (tx) => {
    await tx.query('delete from jackfield.person where id = $1', [id])
  })
}

/** Throws people.not_removed while there is an account. */
export async function refuseUnlessRemoved(tx: Transaction, id: string): Promise<void> {
  // Accepting an invitation makes the account: it waits, or is over by then.
  await tx.query('select from jackfield.invitation where person_id = $1 for update', [id])
  const { rowCount } = await tx.query('select from jackfield.person where id = $1', [id])
  if (rowCount === 0) return
  throw new HubError('people.not_removed', 'This person has an account', {
    mend: 'Remove the account first: what the audit log holds of them can then be erased.',
  })
}

/** Ends all sessions of a person but the one that is named. */
export async function endSessionsOf(db: Queryable, personId: string, except: string | null = null): Promise<void> {
  await db.query(
    `update jackfield.session set ended_at = now(), address = null, agent = null
     where person_id = $1 and ended_at is null and id is distinct from $2`,
    [personId, except],
  )
}

// Any fixed number: whoever changes who may do what takes turns, in all processes.
const rightsLock = 7_204_512

/**
 * Changes another's rights, one change at a time, so that of two administrators who remove each other one stays. The work
 * is told what the actor may do at this moment. Answers the person as it was before a removal, else as it is now.
 */
export function changeRights(
  pool: Pool,
  actor: Principal,
  id: string,
  work: (tx: Transaction, own: Grants) => Promise<void>,
): Promise<Person> {
  return inTransaction(pool, (tx) =>
    guardAdministrators(tx, async () => {
      const own = await grantsNow(tx, actor)
      const before = await findPerson(tx, id)
      refuseAboveOneself(own, before, await grantsOfPerson(tx, id))
      await work(tx, own)
      const { rows } = await tx.query<Person>(`${SELECT} where p.id = $1`, [id])
      return rows[0] ?? before
    }),
  )
}

/** For whatever changes who may do what: one change at a time, and none that leaves no administrator. */
export async function guardAdministrators<T>(tx: Transaction, work: () => Promise<T>): Promise<T> {
  await tx.query(`select pg_advisory_xact_lock(${rightsLock})`)
  const hadAdministrators = await hasAdministrators(tx)
  const result = await work()
  if (hadAdministrators && !(await hasAdministrators(tx))) throw lastAdministrator()
  return result
}

/** Whether a person may, at this moment, make somebody what these roles say. */
export async function mayGive(tx: Transaction, personId: string, roles: readonly string[]): Promise<boolean> {
  const own = await grantsOfManager(tx, personId)
  return own !== null && beyond(await grantsGiven(tx, roles), own) === null
}

/** Throws auth.denied where the roles reach further than the actor at this moment. */
export async function refuseGivingMore(tx: Transaction, actor: Principal, roles: readonly string[]): Promise<void> {
  refuseBeyond(await grantsNow(tx, actor), await grantsGiven(tx, roles))
}

/** To somebody new, of whom no record is their own yet. */
const grantsGiven = async (tx: Transaction, roles: readonly string[]) => grantsOf(await holdRoles(tx, roles), new Set())

/** Null: the person may not manage people, or is suspended or gone. */
async function grantsOfManager(db: Queryable, personId: string): Promise<Grants | null> {
  const { rowCount } = await db.query(`select from jackfield.person where id = $1 and state = 'active'`, [personId])
  const grants = rowCount === 1 ? await grantsOfPerson(db, personId) : null
  return grants?.permissions.has('manage:people') ? grants : null
}

/** Whoever was admitted at the door may have lost the right while waiting for their turn. */
async function grantsNow(db: Queryable, actor: Principal): Promise<Grants> {
  const own = actor.kind === 'person' ? await grantsOfManager(db, actor.id) : actor
  if (own) return own
  throw new HubError('auth.denied', 'Your account has lost this right in the meantime')
}

/** Else who manages people could become anybody: reset their factors, or take their roles away. */
function refuseAboveOneself(own: Grants, { name }: Person, theirs: Grants): void {
  const more = beyond(theirs, own)
  if (more === null) return
  const what = more === 'sight' ? 'see all the records that they see' : more.join(', ')
  throw new HubError('auth.denied', `${name} may do what you may not: ${what}`, {
    mend: 'Ask somebody who has these rights too.',
  })
}

async function hasAdministrators(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>(
    `select exists (select from jackfield.person_role r join jackfield.person p on p.id = r.person_id
       where r.role = 'administrator' and p.state = 'active') as any`,
  )
  return rows[0]!.any
}

function lastAdministrator(): HubError {
  return new HubError('people.last_administrator', 'This is the last administrator who can sign in', {
    mend: 'Make somebody else an administrator first.',
  })
}

/** Whom the machine's operator signs in as where no one is named: made once, on a hub that has no administrator yet. */
export async function firstAdministrator(tx: Transaction): Promise<Person> {
  await tx.query(`select pg_advisory_xact_lock(${rightsLock})`)
  const { rows } = await tx.query<Person>(
    `${SELECT} join jackfield.person_role r on r.person_id = p.id
     where r.role = 'administrator' and p.state = 'active' order by p.created_at, p.id limit 1`,
  )
  return rows[0] ?? createPerson(tx, { name: 'Administrator', email: null, roles: ['administrator'], createdBy: 'hub' })
}

import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Pool, Queryable, Transaction } from '#database/pool.ts'
import { inTransaction } from '#database/pool.ts'
import { storePassword } from './account.ts'
import type { Browser, PeopleContext } from './context.ts'
import { leastAlone, lengthOf, refuseWeak } from './password-rule.ts'
import { createPerson, emailKey, findPersonByEmail, mayGive, type Person, refuseGivingMore } from './person.ts'
import type { Principal } from './principal.ts'
import { holdRoles } from './role-store.ts'
import { admit, type SignedIn } from './sign-in.ts'
import { findProvider } from './sign-on-provider.ts'
import { digest, newToken } from './token.ts'

export interface Invitation {
  id: string
  email: string
  name: string
  roles: string[]
  /** Where they sign in, which accepts it; null: by its link. */
  provider: string | null
  invitedBy: string
  createdAt: Date
  expiresAt: Date
}

const days = 7

const COLUMNS = `id, email, name, roles, provider_id as provider, invited_by as "invitedBy", created_at as "createdAt",
  expires_at as "expiresAt"`
const OPEN = 'used_at is null and revoked_at is null'
const GOOD = `${OPEN} and expires_at > now()`

/** The token is answered once, and none where a sign-in at a provider accepts it. An earlier invitation of the same address is over. */
export async function invite(
  pool: Pool,
  actor: Principal,
  given: { email: string; name: string; roles: readonly string[]; provider?: string },
): Promise<{ invitation: Invitation; token: string | null; personId: string }> {
  const token = newToken()
  const key = emailKey(given.email)
  const personId = uuidv7()
  const invitation = await inTransaction(pool, async (tx) => {
    await refuseGivingMore(tx, actor, given.roles)
    const provider = given.provider === undefined ? null : (await findProvider(tx, given.provider)).id
    // Two who invite the same address at once take turns.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 13))', [`invitation ${key}`])
    if (await findPersonByEmail(tx, given.email)) throw exists()
    await tx.query(`update jackfield.invitation set revoked_at = now() where email_key = $1 and ${OPEN}`, [key])
    await tx.query(`delete from jackfield.invitation where created_at < now() - interval '90 days'`)
    const { rows } = await tx.query<Invitation>(
      `insert into jackfield.invitation (id, hash, email, email_key, name, roles, invited_by, inviter_id, person_id, provider_id, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(days => $11)) returning ${COLUMNS}`,
      [
        ...[uuidv7(), digest(token), given.email, key, given.name, [...new Set(given.roles)], actor.name],
        ...[actor.kind === 'person' ? actor.id : null, personId, provider, days],
      ],
    )
    return rows[0]!
  })
  return { invitation, token: invitation.provider === null ? token : null, personId }
}

function exists(): HubError {
  return new HubError('people.exists', 'A person has this e-mail address already', {
    field: 'email',
    mend: 'Change the roles of that account instead.',
  })
}

/** Those that can still be accepted. */
export async function listInvitations(db: Queryable): Promise<Invitation[]> {
  return (await db.query<Invitation>(`select ${COLUMNS} from jackfield.invitation where ${GOOD} order by id desc`)).rows
}

export async function revokeInvitation(db: Queryable, id: string): Promise<void> {
  const { rowCount } = await db.query(
    'update jackfield.invitation set revoked_at = coalesce(revoked_at, now()) where id = $1',
    [id],
  )
  if (rowCount === 0) throw new HubError('resource.not_found', `There is no invitation ${id}`)
}

/** Those that made this person, or would have; answers how many there were. */
export async function dropInvitationsOf(tx: Queryable, personId: string): Promise<number> {
  const { rowCount } = await tx.query('delete from jackfield.invitation where person_id = $1', [personId])
  return rowCount ?? 0
}

/** What the invited person sees before accepting. */
export async function readInvitation(db: Queryable, token: string): Promise<Invitation> {
  const { rows } = await db.query<Invitation>(
    `select ${COLUMNS} from jackfield.invitation where hash = $1 and provider_id is null and ${GOOD}`,
    [digest(token)],
  )
  if (!rows[0]) throw over()
  return rows[0]
}

/** Makes the account and signs in; of two who accept at once, one does. */
export async function acceptInvitation(
  context: PeopleContext,
  given: { token: string; name: string; password: string },
  browser: Browser,
): Promise<SignedIn> {
  const { email } = await readInvitation(context.pool, given.token)
  refuseWeak(given.password, { name: given.name, email, hasFactor: false })
  const hash = await context.passwords.hash(given.password)
  return inTransaction(context.pool, async (tx) => {
    const { rows } = await tx.query<Used>(
      `update jackfield.invitation set used_at = now() where hash = $1 and provider_id is null and ${GOOD}
       returning ${USED}`,
      [digest(given.token)],
    )
    if (!rows[0]) throw over()
    const person = await makeInvited(tx, { ...rows[0], name: given.name })
    await storePassword(tx, person.id, { hash, alone: lengthOf(given.password) >= leastAlone })
    return admit(context, tx, { person, method: 'invitation', browser })
  })
}

const USED = `${COLUMNS}, inviter_id as "inviterId", person_id as "personId"`
type Used = Invitation & { inviterId: string | null; personId: string }

async function makeInvited(tx: Transaction, used: Used): Promise<Person> {
  const { roles, invitedBy, inviterId, personId, name, email } = used
  await holdRoles(tx, roles).catch((error: unknown) => {
    // A role that it gives was removed since.
    throw error instanceof HubError ? over() : error
  })
  // Whoever was suspended since must not have left a way in.
  if (inviterId !== null && !(await mayGive(tx, inviterId, roles))) throw over()
  return createPerson(tx, { id: personId, name, email, roles, createdBy: invitedBy })
}

/** For somebody whom a provider has shown to own the address; null where nobody invited them for that provider. */
export async function acceptByProvider(tx: Transaction, providerId: string, email: string): Promise<Person | null> {
  const { rows } = await tx.query<Used>(
    `update jackfield.invitation set used_at = now() where email_key = $1 and provider_id = $2 and ${GOOD}
     returning ${USED}`,
    [emailKey(email), providerId],
  )
  return rows[0] ? makeInvited(tx, rows[0]) : null
}

function over(): HubError {
  return new HubError('invitation.over', 'This invitation was used already, was withdrawn, or is over', {
    mend: 'Sign in if you have an account; else ask whoever invited you for a new one.',
  })
}

import { HubError } from '#core/errors.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import { findPerson, findPersonByEmail, firstAdministrator, type Person } from './person.ts'
import { digest, newToken } from './token.ts'

/** Long enough to read a terminal and open a browser, short enough to be worthless in a scroll-back. */
const linkMinutes = 60
/** One that is handed from person to person. */
const handedMinutes = 24 * 60

/** The token of a link that signs in once: this person, or the first administrator. */
export async function createSignInToken(db: Queryable, personId: string | null = null): Promise<string> {
  return (await insertLink(db, personId, linkMinutes)).token
}

/** For somebody who has lost all ways in. */
export function createHandedLink(db: Queryable, personId: string): Promise<{ token: string; expiresAt: Date }> {
  return insertLink(db, personId, handedMinutes)
}

async function insertLink(db: Queryable, personId: string | null, minutes: number) {
  const token = newToken()
  const { rows } = await db.query<{ expiresAt: Date }>(
    `insert into jackfield.sign_in_link (hash, person_id, expires_at)
     values ($1, $2, now() + make_interval(mins => $3)) returning expires_at as "expiresAt"`,
    [digest(token), personId, minutes],
  )
  return { token, expiresAt: rows[0]!.expiresAt }
}

/** Uses the link up; of two who try at once, one gets its person. */
export async function useLink(tx: Transaction, token: string): Promise<Person> {
  const { rows } = await tx.query<{ personId: string | null }>(
    `update jackfield.sign_in_link set used_at = now()
     where hash = $1 and used_at is null and expires_at > now() returning person_id as "personId"`,
    [digest(token)],
  )
  const [link] = rows
  if (!link) {
    throw new HubError('auth.required', 'This sign-in link was used already, or is over', {
      mend: 'Get a new one on the machine of the hub: jackfield sign-in',
    })
  }
  await tx.query(`delete from jackfield.sign_in_link where expires_at < now() - interval '7 days'`)
  return link.personId === null ? firstAdministrator(tx) : findPerson(tx, link.personId)
}

/** Links that were made for somebody and not used yet are over. */
export async function dropLinksOf(tx: Queryable, personId: string): Promise<void> {
  await tx.query('delete from jackfield.sign_in_link where person_id = $1 and used_at is null', [personId])
}

/** Whom the machine's operator means. */
export async function linkPersonId(db: Queryable, email: string): Promise<string> {
  const person = await findPersonByEmail(db, email)
  if (person) return person.id
  throw new HubError('resource.not_found', `Nobody has the e-mail address ${email}`, {
    mend: 'See who there is: jackfield people list',
  })
}

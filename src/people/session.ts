import { HubError } from '#core/errors.ts'
import type { Pool, Queryable } from '#database/pool.ts'
import { inTransaction } from '#database/pool.ts'
import { digest, newToken } from './token.ts'

/** Long enough to read a terminal and open a browser, short enough to be worthless in a scroll-back. */
const linkMinutes = 60
/** A working day; each use within it moves the end on. */
const sessionHours = 12

/** Whoever signed in by the link. It becomes the account's name once there are accounts. */
const person = 'administrator'

export interface Session {
  name: string
  expiresAt: Date
}

/** The token of a link that signs in once. */
export async function createSignInToken(db: Queryable): Promise<string> {
  const token = newToken()
  await db.query(
    `insert into jackfield.sign_in_link (hash, expires_at) values ($1, now() + make_interval(mins => $2))`,
    [digest(token), linkMinutes],
  )
  return token
}

/** Uses the link up and opens a session; of two who try at once, one gets it. */
export async function signIn(pool: Pool, token: string): Promise<Session & { token: string }> {
  return inTransaction(pool, async (tx) => {
    const used = await tx.query(
      `update jackfield.sign_in_link set used_at = now() where hash = $1 and used_at is null and expires_at > now()`,
      [digest(token)],
    )
    if (used.rowCount !== 1) {
      throw new HubError('auth.required', 'This sign-in link was used already, or is over', {
        mend: 'Get a new one on the machine of the hub: jackfield sign-in',
      })
    }
    const fresh = newToken()
    const { rows } = await tx.query<{ expiresAt: Date }>(
      `insert into jackfield.session (hash, person, expires_at)
       values ($1, $2, now() + make_interval(hours => $3)) returning expires_at as "expiresAt"`,
      [digest(fresh), person, sessionHours],
    )
    await tx.query(`delete from jackfield.sign_in_link where expires_at < now() - interval '7 days'`)
    await tx.query(`delete from jackfield.session where expires_at < now() - interval '30 days'`)
    return { token: fresh, name: person, expiresAt: rows[0]!.expiresAt }
  })
}

const FIND = {
  name: 'session-find',
  text: `select person as name, expires_at as "expiresAt" from jackfield.session
    where hash = $1 and ended_at is null and expires_at > now()`,
}
const SEEN = {
  name: 'session-seen',
  text: `update jackfield.session set seen_at = now(), expires_at = now() + make_interval(hours => $2)
    where hash = $1 and ended_at is null and expires_at > now() and seen_at < now() - interval '1 minute'`,
}

export async function findSession(db: Queryable, hash: Buffer): Promise<Session | null> {
  const { rows } = await db.query<Session>({ ...FIND, values: [hash] })
  return rows[0] ?? null
}

/** Moves the session's end on, at most once a minute. */
export async function noteSessionUse(db: Queryable, hash: Buffer): Promise<void> {
  await db.query({ ...SEEN, values: [hash, sessionHours] })
}

export async function endSession(db: Queryable, token: string): Promise<void> {
  await db.query('update jackfield.session set ended_at = coalesce(ended_at, now()) where hash = $1', [digest(token)])
}

import type { Queryable } from '#database/pool.ts'
import { digest, newToken } from './token.ts'

/** So long a browser is known after its last sign-in. */
export const deviceDays = 180
/** The oldest is forgotten. */
const mostDevices = 30

/** The token of a browser in which this person has signed in before, or null. */
export async function knownDevice(db: Queryable, personId: string, token: string | null): Promise<string | null> {
  if (token === null) return null
  const { rowCount } = await db.query(
    'select from jackfield.known_device where hash = $1 and person_id = $2 and expires_at > now()',
    [digest(token), personId],
  )
  return rowCount === 1 ? token : null
}

/** Makes a browser known, or goes on knowing it; answers the token for its cookie. */
export async function rememberDevice(tx: Queryable, personId: string, token: string | null): Promise<string> {
  const kept = token !== null && (await isOurs(tx, token)) ? token : newToken()
  await tx.query(
    `insert into jackfield.known_device (hash, person_id, expires_at) values ($1, $2, now() + make_interval(days => $3))
     on conflict (hash, person_id) do update set expires_at = excluded.expires_at`,
    [digest(kept), personId, deviceDays],
  )
  await tx.query(
    `delete from jackfield.known_device where person_id = $1 and (expires_at < now() or hash in (
       select hash from jackfield.known_device where person_id = $1 order by expires_at desc offset $2))`,
    [personId, mostDevices],
  )
  return kept
}

/** Several people may share a browser; a token that the hub did not make is not taken over. */
async function isOurs(tx: Queryable, token: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select from jackfield.known_device where hash = $1 and expires_at > now() limit 1',
    [digest(token)],
  )
  return rowCount === 1
}

export async function forgetDevices(tx: Queryable, personId: string): Promise<void> {
  await tx.query('delete from jackfield.known_device where person_id = $1', [personId])
}

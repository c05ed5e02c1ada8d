import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import { pendingMinutes } from '#people/sign-on-pending.ts'
import { digest } from '#people/token.ts'
import type { Keyring } from '#secrets/keyring.ts'
import { open, seal } from '#secrets/seal.ts'
import { secretPlace } from './context.ts'

/** A window that somebody was sent to, and that has not answered yet. */
export interface Pending {
  verifier: string
  redirectUri: string
  returnPath: string
  /** Whose person was sent there. */
  sessionId: string
  crm: string
  url: string
  /** To which the person links their own account; null: the service is to sign in. */
  connectionId: string | null
  /** By which the service is to sign in. */
  authenticationId: string | null
}

/** What an answer must bring along: all three, as they were given out. */
interface PendingKey {
  state: string
  /** Of the window. */
  host: string
  browserToken: string
}

const verifierPlace = (state: Buffer) => secretPlace('pending_consent', state.toString('hex'), 'secrets')

export async function keepPending(
  { pool, keyring }: { pool: Queryable; keyring: Keyring },
  key: PendingKey,
  { verifier, ...pending }: Pending,
): Promise<void> {
  const state = digest(key.state)
  await pool.query(
    `delete from jackfield.pending_consent where state in (
       select state from jackfield.pending_consent where expires_at < now() limit 100 for update skip locked)`,
  )
  await pool.query(
    `insert into jackfield.pending_consent (state, host, browser, secrets, redirect_uri, return_path, session_id, crm,
       url, connection_id, authentication_id, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + make_interval(mins => $12))`,
    [
      ...[state, key.host, digest(key.browserToken), seal(keyring, verifierPlace(state), verifier)],
      ...[pending.redirectUri, pending.returnPath, pending.sessionId, pending.crm, pending.url],
      ...[pending.connectionId, pending.authenticationId, pendingMinutes],
    ],
  )
}

/** Uses it up, for the browser that was sent to this very host; of two who come with the same answer, one gets it. */
export async function takePending(
  { pool, keyring }: { pool: Queryable; keyring: Keyring },
  key: { [Part in keyof PendingKey]: PendingKey[Part] | null },
): Promise<Pending> {
  if (key.state === null || key.browserToken === null) throw over()
  const state = digest(key.state)
  const { rows } = await pool.query<Omit<Pending, 'verifier'> & { secrets: Buffer }>(
    `delete from jackfield.pending_consent
     where state = $1 and host = $2 and browser = $3 and expires_at > now()
     returning secrets, redirect_uri as "redirectUri", return_path as "returnPath", session_id as "sessionId", crm, url,
       connection_id as "connectionId", authentication_id as "authenticationId"`,
    [state, key.host, digest(key.browserToken)],
  )
  if (!rows[0]) throw over()
  const { secrets, ...rest } = rows[0]
  return { ...rest, verifier: open(keyring, verifierPlace(state), secrets) }
}

function over(): HubError {
  return new HubError('consent.over', 'This window was answered already, is over, or was opened in another browser', {
    mend: 'Begin anew, in the browser in which you are signed in to the hub.',
  })
}

import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import type { Keyring } from '#secrets/keyring.ts'
import { openBytes, type SecretPlace, seal } from '#secrets/seal.ts'
import { digest } from './token.ts'

/** So long somebody may take at the provider. */
export const pendingMinutes = 10

/** A sign-in that was begun, and waits for its answer from the provider. */
export interface Pending {
  nonce: string
  verifier: string
  redirectUri: string
  returnPath: string
  /** Digest of the session that the browser had when it was begun. */
  sessionToken: Buffer | null
  /** Whose person links an account; null: somebody signs in. */
  linkingSession: string | null
}

const place = (state: Buffer): SecretPlace => ({
  ...{ organisation: '', table: 'pending_sign_on', row: state.toString('hex'), column: 'secrets' },
})

export async function keepPending(
  { pool, keyring }: { pool: Queryable; keyring: Keyring },
  key: { providerId: string; state: string; browserToken: string },
  pending: Pending,
): Promise<void> {
  const state = digest(key.state)
  const { nonce, verifier, redirectUri, returnPath, sessionToken, linkingSession } = pending
  await pool.query(
    `delete from jackfield.pending_sign_on where state in (
       select state from jackfield.pending_sign_on where expires_at < now() limit 100 for update skip locked)`,
  )
  await pool.query(
    `insert into jackfield.pending_sign_on (state, provider_id, browser, secrets, redirect_uri, return_path,
       session_token, linking_session, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(mins => $9))`,
    [
      ...[state, key.providerId, digest(key.browserToken)],
      ...[seal(keyring, place(state), JSON.stringify({ nonce, verifier })), redirectUri, returnPath],
      ...[sessionToken, linkingSession, pendingMinutes],
    ],
  )
}

/**
 * Uses it up; of two who come with the same answer, one gets it. It is given only to the browser that began it, and
 * only for the provider at whose address the answer came in, so that no other provider is ever shown its code.
 */
export async function takePending(
  { pool, keyring }: { pool: Queryable; keyring: Keyring },
  key: { providerId: string; state: string | null; browserToken: string | null },
): Promise<Pending> {
  if (key.state === null || key.browserToken === null) throw over()
  const state = digest(key.state)
  const { rows } = await pool.query<Omit<Pending, 'nonce' | 'verifier'> & { secrets: Buffer }>(
    `delete from jackfield.pending_sign_on
     where state = $1 and provider_id = $2 and browser = $3 and expires_at > now()
     returning secrets, redirect_uri as "redirectUri", return_path as "returnPath", session_token as "sessionToken",
       linking_session as "linkingSession"`,
    [state, key.providerId, digest(key.browserToken)],
  )
  if (!rows[0]) throw over()
  const { secrets, ...rest } = rows[0]
  const opened = JSON.parse(openBytes(keyring, place(state), secrets).toString('utf8')) as {
    nonce: string
    verifier: string
  }
  return { ...rest, ...opened }
}

function over(): HubError {
  return new HubError('sign_on.over', 'This sign-in was used already, is over, or was begun in another browser', {
    mend: 'Begin anew from the sign-in page.',
  })
}

import * as openid from 'openid-client'
import type { Queryable, Transaction } from '#database/pool.ts'
import { openBytes, type SecretPlace, seal } from '#secrets/seal.ts'
import { endSession } from './session.ts'
import type { SignOnContext } from './sign-on-context.ts'
import { clientSettings, findProvider } from './sign-on-provider.ts'
import type { Proven } from './sign-on-token.ts'

const place = (sessionId: string): SecretPlace => ({
  ...{ organisation: '', table: 'session_sign_on', row: sessionId, column: 'id_token' },
})

/** From which sign-in at the provider a session came. */
export async function keepSignOn(
  { keyring }: SignOnContext,
  tx: Transaction,
  { sessionId, identityId, proven }: { sessionId: string; identityId: string; proven: Proven },
): Promise<void> {
  await tx.query(
    `insert into jackfield.session_sign_on (session_id, identity_id, id_token, provider_session)
     values ($1, $2, $3, $4)`,
    [sessionId, identityId, seal(keyring, place(sessionId), proven.idToken), proven.providerSession],
  )
}

interface Came {
  providerId: string
  idToken: Buffer
}

async function takeSignOn(db: Queryable, sessionId: string): Promise<Came | null> {
  const { rows } = await db.query<Came>(
    `delete from jackfield.session_sign_on s using jackfield.external_identity i
     where s.session_id = $1 and i.id = s.identity_id returning i.provider_id as "providerId", s.id_token as "idToken"`,
    [sessionId],
  )
  return rows[0] ?? null
}

/**
 * Ends a session here, and answers where the browser ends the provider's: null where the session came from none, or the
 * provider has no such place or cannot be reached. Signing out of the hub never waits for another's consent.
 */
export async function signOut(
  context: SignOnContext,
  session: { id: string; personId: string },
  signedOutUrl: string | null,
): Promise<string | null> {
  const came = await takeSignOn(context.pool, session.id)
  await endSession(context.pool, session.personId, session.id)
  if (!came || signedOutUrl === null) return null
  try {
    const provider = await findProvider(context.pool, came.providerId)
    const { config, metadata } = await context.clients.for(await clientSettings(context, provider))
    if (metadata.end_session_endpoint === undefined) return null
    const hint = openBytes(context.keyring, place(session.id), came.idToken).toString('utf8')
    return openid.buildEndSessionUrl(config, {
      id_token_hint: hint,
      post_logout_redirect_uri: signedOutUrl,
    }).href
  } catch {
    return null
  }
}

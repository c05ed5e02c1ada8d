import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { HubError, isHubError } from '#core/errors.ts'
import { inTransaction } from '#database/pool.ts'
import type { ClientSettings, Clients } from './sign-on-client.ts'
import type { SignOnContext } from './sign-on-context.ts'
import { clientSettings, findProvider } from './sign-on-provider.ts'
import { unreachable } from './sign-on-token.ts'
import { countAttempt } from './throttle.ts'

/** OpenID Connect Back-Channel Logout 1.0 §2.4. */
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'
/** One that is older is not taken, so that it need not be remembered longer than this. */
const oldestMinutes = 10
/** Twice the most by which clocks may differ lies within. */
const rememberedMinutes = 2 * oldestMinutes
const longest = 255

/** Whose sessions a provider ends. */
interface Logout {
  jti: string
  issuer: string
  subject: string | null
  providerSession: string | null
}

export interface EndedByProvider {
  sessions: number
  /** Null: there was none to end. */
  person: { id: string; name: string } | null
}

/**
 * A provider says that somebody has signed out there: their sessions that came from that one end, or all that came from
 * the provider where it names no session. Throws sign_on.rejected; a token is used once.
 */
export async function endByProvider(
  context: SignOnContext,
  providerId: string,
  token: string,
): Promise<EndedByProvider> {
  const provider = await findProvider(context.pool, providerId)
  const logout = await believe(context.clients, await clientSettings(context, provider), token)
  return inTransaction(context.pool, async (tx) => {
    const once = { name: `logout ${providerId} ${logout.jti}`, most: 1, minutes: rememberedMinutes }
    await countAttempt(tx, [once]).catch((error: unknown) => {
      throw isHubError(error, 'auth.throttled') ? rejected('it was used already (jti)') : error
    })
    const { rows } = await tx.query<{ id: string; name: string }>(
      `with came as (
         delete from jackfield.session_sign_on o using jackfield.external_identity i
         where i.id = o.identity_id and i.provider_id = $1 and i.issuer = $2
           and ($3::text is null or i.subject = $3) and ($4::text is null or o.provider_session = $4)
         returning o.session_id)
       update jackfield.session s set ended_at = now(), address = null, agent = null from jackfield.person p
       where s.ended_at is null and s.id in (select session_id from came) and p.id = s.person_id
       returning p.id, p.name`,
      [providerId, logout.issuer, logout.subject, logout.providerSession],
    )
    return { sessions: rows.length, person: rows[0] ?? null }
  })
}

async function believe(clients: Clients, settings: ClientSettings, token: string): Promise<Logout> {
  try {
    const { kid } = decodeProtectedHeader(token)
    const { metadata, keys } = await clients.keysFor(settings, kid)
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys as JSONWebKeySet), {
      issuer: metadata.issuer,
      audience: settings.clientId,
      algorithms: metadata.id_token_signing_alg_values_supported,
      clockTolerance: clients.skewSeconds,
      maxTokenAge: `${oldestMinutes} minutes`,
    })
    const type = protectedHeader.typ?.toLowerCase()
    if (type !== undefined && type !== 'logout+jwt' && type !== 'jwt') throw rejected('it is no logout token (typ)')
    return { ...namedIn(payload), issuer: metadata.issuer }
  } catch (error) {
    if (isHubError(error)) throw error.code.startsWith('crm.') ? unreachable(error) : error
    // The library's texts name claims, never their values.
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw rejected(error.message)
    throw error
  }
}

function namedIn({ jti, events, nonce, sub, sid }: JWTPayload): Omit<Logout, 'issuer'> {
  if (!isName(jti)) throw rejected('it has no id of its own (jti)')
  // An id token, which has one, must not pass for it.
  if (nonce !== undefined) throw rejected('it has a nonce')
  const event = isObject(events) ? events[logoutEvent] : undefined
  if (!isObject(event)) throw rejected('it tells of no logout (events)')
  if ([sub, sid].some((name) => name !== undefined && !isName(name))) throw rejected('whom it names is not of the form')
  if (sub === undefined && sid === undefined) throw rejected('it names nobody (sub, sid)')
  return { jti, subject: sub ?? null, providerSession: isName(sid) ? sid : null }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= longest

const rejected = (why: string) =>
  new HubError('sign_on.rejected', `The provider’s logout token is not believed: ${why}`)

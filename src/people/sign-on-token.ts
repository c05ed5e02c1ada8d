import { decodeProtectedHeader } from 'jose'
import * as openid from 'openid-client'
import { HubError, isHubError } from '#core/errors.ts'
import { accessTokenHash, type Claims } from './sign-on-claims.ts'
import type { Client, ClientSettings, Clients } from './sign-on-client.ts'
import type { Pending } from './sign-on-pending.ts'

/** Somebody, as a provider has shown them to be. */
export interface Proven {
  issuer: string
  subject: string
  claims: Claims
  /** For ending the session there. */
  idToken: string
  providerSession: string | null
}

/** Of OpenID Connect Core §2. */
const longestSubject = 255

interface Answer {
  /** What came back in the address. */
  parameters: URLSearchParams
  pending: Pending
  readsUserinfo: boolean
}

/** Changes the code for tokens and believes them, or says why not. */
export async function proveByCode(clients: Clients, settings: ClientSettings, answer: Answer): Promise<Proven> {
  try {
    const client = await clients.for(settings)
    const tokens = await exchange(client, answer).finally(() => clients.keep(settings, client))
    const claims = tokens.claims()
    if (!claims || tokens.id_token === undefined) throw rejected('it holds no id token')
    refuseUnbelievable(claims, { settings, skewSeconds: clients.skewSeconds })
    refuseOtherAccessToken(claims, tokens.id_token, tokens.access_token)
    const more = answer.readsUserinfo ? await readUserinfo(client, tokens.access_token, claims.sub) : {}
    return {
      issuer: claims.iss,
      subject: claims.sub,
      // The id token is signed: what it says stands.
      claims: { ...more, ...claims },
      idToken: tokens.id_token,
      providerSession: typeof claims.sid === 'string' && claims.sid.length <= longestSubject ? claims.sid : null,
    }
  } catch (error) {
    throw toHubError(error)
  }
}

function exchange({ config }: Client, { parameters, pending }: Answer) {
  const { nonce, verifier, redirectUri } = pending
  const url = new URL(redirectUri)
  url.search = parameters.toString()
  return openid.authorizationCodeGrant(config, url, {
    expectedNonce: nonce,
    expectedState: parameters.get('state') ?? '',
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  })
}

function refuseUnbelievable(
  claims: openid.IDToken,
  { settings, skewSeconds }: { settings: ClientSettings; skewSeconds: number },
): void {
  const { sub, azp, iat, tid } = claims
  if (sub === '' || sub.length > longestSubject) throw rejected('its subject is not of the form that it must have')
  if (azp !== undefined && azp !== settings.clientId) throw rejected('it was issued to another party (azp)')
  if (iat > Date.now() / 1000 + skewSeconds) throw rejected('it was issued in the future', clockMend)
  if (settings.tenant !== null && tid !== undefined && tid !== settings.tenant) {
    throw rejected('it is of another tenant (tid)')
  }
}

/** Where the token says which access token came with it. */
function refuseOtherAccessToken({ at_hash: told }: openid.IDToken, idToken: string, accessToken: string): void {
  if (told === undefined) return
  const { alg = '' } = decodeProtectedHeader(idToken)
  if (told !== accessTokenHash(accessToken, alg)) throw rejected('it belongs to another access token (at_hash)')
}

async function readUserinfo({ config, metadata }: Client, accessToken: string, subject: string): Promise<Claims> {
  if (metadata.userinfo_endpoint === undefined) {
    throw new HubError('sign_on.unfit', 'The provider has no userinfo, and claims are to be read from it')
  }
  return openid.fetchUserInfo(config, accessToken, subject)
}

const clockMend = 'Compare the clocks of the hub and of the provider.'

function rejected(why: string, mend = 'Begin anew; if it stays, tell an administrator of the hub.'): HubError {
  return new HubError('sign_on.rejected', `The provider’s token is not believed: ${why}`, { mend })
}

/** Texts of the library tell of no value; its errors carry the token itself, and go no further. */
function toHubError(error: unknown): HubError {
  if (isHubError(error)) return error.code.startsWith('crm.') ? unreachable(error) : error
  if (error instanceof openid.AuthorizationResponseError) return refusedBy(error.error, error.error_description)
  if (error instanceof openid.ResponseBodyError) return refusedBy(error.error, error.error_description, error.status)
  const cause = (error as Error).cause
  if (isHubError(cause)) return toHubError(cause)
  const { message, code } = (cause instanceof Error ? cause : error) as Error & { code?: string }
  if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || code === 'OAUTH_RESPONSE_IS_NOT_JSON') {
    return unreachable(new HubError('crm.body_invalid', `its answer is not one of OpenID Connect (${message})`))
  }
  return rejected(message, code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' ? clockMend : undefined)
}

/** The provider cannot be reached, or does not answer as one. */
export function unreachable({ message, detail }: HubError): HubError {
  return new HubError('sign_on.unreachable', `The provider cannot be reached: ${message}`, {
    mend:
      detail.mend ?? 'Try again in a moment, or sign in another way; if it stays, tell an administrator of the hub.',
  })
}

const ofClient = new Set(['invalid_client', 'unauthorized_client'])

function refusedBy(code: string, text: string | undefined, status?: number): HubError {
  const vendor = {
    vendorCode: code.slice(0, 100),
    ...(text === undefined ? {} : { vendorText: text.slice(0, 500) }),
    ...(status === undefined ? {} : { vendorStatus: status }),
  }
  if (ofClient.has(code)) {
    return new HubError('sign_on.unfit', 'The provider does not take the hub’s client id or secret', {
      mend: 'Compare the client id, and enter a client secret that is still good.',
      ...vendor,
    })
  }
  return new HubError('sign_on.refused', 'The provider did not sign you in', {
    mend: 'Begin anew; if it stays, ask whoever gives out accounts at the provider.',
    ...vendor,
  })
}

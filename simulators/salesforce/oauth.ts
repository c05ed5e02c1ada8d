import { createPublicKey, generateKeyPairSync, randomBytes, timingSafeEqual, verify } from 'node:crypto'
import { type CodeFault, redeemCode } from '../exchange/codes.ts'
import type { Reply } from '../exchange/http.ts'
import { authorize, type WebServerFlow } from './authorize.ts'
import { json, nothing } from './errors.ts'
import type { Organisation } from './organisation.ts'
import { tableOf } from './organisation.ts'
import { isDeleted, rowsById, valueIn } from './table.ts'

/** The one external client app, and the sessions that it opened. */
export type Sessions = {
  clientId: string
  clientSecret: string
  /** PEM of the certificate's key that JWT assertions are checked with. */
  publicKey: string
  /** The user that client credentials run as; null where none is enabled. */
  runAs: string | null
  /** The app is approved for the users of JWT assertions. */
  approved: boolean
  /** The assertion must name this audience too; the instance itself always does. */
  audiences: string[]
  tokens: Map<string, { userId: string; usedAt: number }>
  /** By token: who signed in, and for what. */
  refreshTokens: Map<string, { userId: string; scope: string }>
  web: WebServerFlow
}

export const makeKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

class OauthError extends Error {
  readonly error: string

  constructor(error: string, description: string) {
    super(description)
    this.error = error
  }
}

type Caller = { org: Organisation; sessions: Sessions; origin: string }

/** `/services/oauth2/*`; null for an address that is none of these. */
export function oauth(
  caller: Caller,
  path: string,
  request: { body: string; headers: Record<string, string>; url: string },
): Reply | null {
  const form = new URLSearchParams(request.body)
  const query = new URL(request.url, caller.origin).searchParams
  if (path === '/services/oauth2/authorize')
    return authorize({ org: caller.org, app: caller.sessions }, form.size > 0 ? form : query)
  if (path === '/services/oauth2/userinfo') return userinfo(caller, request.headers.authorization)
  if (path === '/services/oauth2/token') return token(caller, form, request.headers.authorization)
  if (path === '/services/oauth2/revoke') return revoke(caller.sessions, form.get('token') ?? query.get('token'))
  if (path === '/.well-known/openid-configuration')
    return json(200, {
      issuer: caller.origin,
      authorization_endpoint: `${caller.origin}/services/oauth2/authorize`,
      token_endpoint: `${caller.origin}/services/oauth2/token`,
      revocation_endpoint: `${caller.origin}/services/oauth2/revoke`,
      userinfo_endpoint: `${caller.origin}/services/oauth2/userinfo`,
    })
  return null
}

function token(caller: Caller, form: URLSearchParams, authorization: string | undefined): Reply {
  try {
    return json(200, granted(caller, form, basic(authorization)), { 'cache-control': 'no-cache, no-store' })
  } catch (error) {
    if (!(error instanceof OauthError)) throw error
    return json(400, { error: error.error, error_description: error.message })
  }
}

function basic(authorization: string | undefined): { id: string; secret: string } | null {
  const encoded = /^basic (.+)$/i.exec(authorization ?? '')?.[1]
  if (!encoded) return null
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(':')) }
}

function granted(caller: Caller, form: URLSearchParams, header: ReturnType<typeof basic>): unknown {
  const { sessions } = caller
  const grant = form.get('grant_type')
  const id = header?.id ?? form.get('client_id') ?? ''
  const secret = header?.secret ?? form.get('client_secret') ?? ''
  switch (grant) {
    case 'client_credentials':
      checkClient(sessions, id, secret)
      if (sessions.runAs === null) throw new OauthError('invalid_grant', 'no client credentials user enabled')
      return session(caller, sessions.runAs, {
        signature: randomBytes(32).toString('base64'),
        issued_at: String(Date.now()),
        scope: 'api',
        api_instance_url: 'https://api.salesforce.com',
      })
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return session(caller, userOfAssertion(caller, form.get('assertion') ?? ''), { scope: 'api' })
    case 'authorization_code':
      return byCode(caller, form, { id, secret })
    case 'refresh_token':
      return byRefreshToken(caller, form, { id, secret })
    case null:
      throw new OauthError('invalid_request', 'must provide grant_type')
    default:
      throw new OauthError('unsupported_grant_type', 'grant type not supported')
  }
}

const codeFaults: Record<CodeFault, [error: string, description: string]> = {
  unknown: ['invalid_grant', 'invalid authorization code'],
  used: ['invalid_grant', 'expired authorization code'],
  expired: ['invalid_grant', 'expired authorization code'],
  redirect: ['redirect_uri_mismatch', 'redirect_uri must match configuration'],
  verifier: ['invalid_grant', 'invalid code verifier'],
}

type Client = { id: string; secret: string }

/** A secret that is sent must be right, also where none is asked for. */
function checkWebClient(sessions: Sessions, { id, secret }: Client): void {
  if (id === sessions.clientId && secret === '' && sessions.web.secretOptional) return
  checkClient(sessions, id, secret)
}

function byCode(caller: Caller, form: URLSearchParams, client: Client): unknown {
  const { sessions } = caller
  checkWebClient(sessions, client)
  const code = redeemCode(sessions.web.codes, form, client.id)
  if (typeof code === 'string') throw new OauthError(...codeFaults[code])
  const scope = code.scope || 'api'
  const keeps = /\b(refresh_token|offline_access|full)\b/.test(scope)
  return forPerson(caller, { userId: code.person, scope }, keeps)
}

function byRefreshToken(caller: Caller, form: URLSearchParams, client: Client): unknown {
  const { sessions } = caller
  checkWebClient(sessions, client)
  const sent = form.get('refresh_token') ?? ''
  const kept = sessions.refreshTokens.get(sent)
  if (!kept) throw new OauthError('invalid_grant', 'expired access/refresh token')
  const answer = forPerson(caller, kept, sessions.web.rotates)
  if (sessions.web.rotates) sessions.refreshTokens.delete(sent)
  return answer
}

function forPerson(caller: Caller, person: { userId: string; scope: string }, refreshable: boolean): unknown {
  const refresh_token = `5Aep861${randomBytes(48).toString('base64url')}`
  const answer = session(caller, person.userId, {
    ...(refreshable ? { refresh_token } : {}),
    signature: randomBytes(32).toString('base64'),
    issued_at: String(Date.now()),
    scope: person.scope,
  })
  if (refreshable) caller.sessions.refreshTokens.set(refresh_token, person)
  return answer
}

function checkClient(sessions: Sessions, id: string, secret: string): void {
  if (id !== sessions.clientId) throw new OauthError('invalid_client_id', 'client identifier invalid')
  const [given, right] = [Buffer.from(secret), Buffer.from(sessions.clientSecret)]
  if (given.length !== right.length || !timingSafeEqual(given, right))
    throw new OauthError('invalid_client', 'invalid client credentials')
}

type Claims = { iss?: unknown; sub?: unknown; aud?: unknown; exp?: unknown }

function userOfAssertion(caller: Caller, assertion: string): string {
  const { sessions, origin, org } = caller
  const [head = '', body = '', signature = ''] = assertion.split('.')
  const parse = (part: string) => {
    try {
      return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Claims & { alg?: unknown }
    } catch {
      throw new OauthError('invalid_grant', 'invalid assertion')
    }
  }
  const claims = parse(body)
  if (claims.iss !== sessions.clientId) throw new OauthError('invalid_client_id', 'client identifier invalid')
  const signed =
    parse(head).alg === 'RS256' &&
    verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${body}`),
      createPublicKey(sessions.publicKey),
      Buffer.from(signature, 'base64url'),
    )
  if (!signed) throw new OauthError('invalid_grant', 'invalid assertion')
  if (![origin, ...sessions.audiences].includes(String(claims.aud)))
    throw new OauthError('invalid_grant', 'audience is invalid')
  const exp = Number(claims.exp)
  const left = exp - Date.now() / 1000
  if (!(left > 0)) throw new OauthError('invalid_grant', 'expired authorization code')
  // Five minutes at most, and something for clocks that differ.
  if (left > 480) throw new OauthError('invalid_grant', 'assertion expires too late')
  const user = userByName(org, String(claims.sub))
  if (user === null || !sessions.approved) throw new OauthError('invalid_grant', "user hasn't approved this consumer")
  return user
}

function userByName(org: Organisation, name: string): string | null {
  const table = tableOf(org, 'User')!
  for (const row of rowsById(table))
    if (!isDeleted(row) && valueIn(table, row, 'Username') === name) return String(valueIn(table, row, 'Id'))
  return null
}

function session({ org, sessions, origin }: Caller, userId: string, more: Record<string, string>): unknown {
  const user = tableOf(org, 'User')!
  const row = user.entries.get(userId)
  if (row?.fields.IsActive === false) throw new OauthError('inactive_user', 'user is inactive')
  const access = `${org.id.slice(0, 15)}!AR8AQ${randomBytes(48).toString('base64url')}`
  sessions.tokens.set(access, { userId, usedAt: Date.now() })
  return {
    access_token: access,
    ...more,
    instance_url: origin,
    id: `${origin}/id/${org.id}/${userId}`,
    token_type: 'Bearer',
  }
}

function userinfo({ org, sessions, origin }: Caller, authorization: string | undefined): Reply {
  const userId = userOf(org, sessions, authorization)
  if (userId === null) return json(403, 'Bad_OAuth_Token')
  const { Username, Name, Email } = tableOf(org, 'User')!.entries.get(userId)?.fields ?? {}
  const sub = `${origin}/id/${org.id}/${userId}`
  return json(200, {
    ...{ sub, user_id: userId, organization_id: org.id },
    ...{ preferred_username: Username, name: Name, email: Email },
  })
}

/** All that a user allowed is void: what they can do themselves, or an administrator for them. */
export function endSessionsOf(sessions: Sessions, userId: string): void {
  for (const all of [sessions.tokens, sessions.refreshTokens])
    for (const [token, kept] of all) if (kept.userId === userId) all.delete(token)
}

function revoke(sessions: Sessions, given: string | null): Reply {
  if (given === null) return json(400, { error: 'invalid_request', error_description: 'must provide token' })
  const known = sessions.tokens.delete(given) || sessions.refreshTokens.delete(given)
  return known
    ? nothing(200)
    : json(400, { error: 'unsupported_token_type', error_description: 'this token type is not supported' })
}

/** The user of a request's token; null where the token is void. */
export function userOf(org: Organisation, sessions: Sessions, authorization: string | undefined): string | null {
  const given = /^(?:Bearer|OAuth) (.+)$/i.exec(authorization ?? '')?.[1]
  const found = given === undefined ? undefined : sessions.tokens.get(given)
  if (!found || given === undefined) return null
  const { sessionMinutes } = org.settings
  if (sessionMinutes !== null && Date.now() - found.usedAt > sessionMinutes * 60_000) {
    sessions.tokens.delete(given)
    return null
  }
  if (tableOf(org, 'User')!.entries.get(found.userId)?.fields.IsActive === false) return null
  found.usedAt = Date.now()
  return found.userId
}

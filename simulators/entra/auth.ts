import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { type Code, type CodeFault, redeemCode } from '../exchange/codes.ts'
import type { App, Directory, Person } from './data.ts'
import {
  badGrant,
  badScope,
  EntraError,
  expiredSecret,
  missing,
  noApp,
  noConsent,
  noResource,
  noSecret,
  wrongSecret,
} from './errors.ts'
import { signJwt } from './keys.ts'

export type TokenRequest = {
  directory: Directory
  origin: string
  form: URLSearchParams
  authorization: string | undefined
}

/** Answers the token endpoint's JSON or throws an EntraError. */
export function tokenReply(r: TokenRequest): Record<string, unknown> {
  const grant = r.form.get('grant_type')
  if (!grant) throw missing('grant_type')
  const { app, confidential } = clientOf(r)
  switch (grant) {
    case 'client_credentials':
      if (!confidential) throw noSecret()
      return clientCredentials(r, app)
    case 'authorization_code':
      if (!confidential && !app.isPublic) throw noSecret()
      return redeem(r, app)
    case 'refresh_token':
      if (!confidential && !app.isPublic) throw noSecret()
      return refresh(r, app)
    default:
      throw new EntraError(
        400,
        'unsupported_grant_type',
        70003,
        `The app requested an unsupported grant type '${grant}'.`,
      )
  }
}

/** The client, by form or by HTTP Basic; a secret that is sent must be right. */
function clientOf(r: TokenRequest): { app: App; confidential: boolean } {
  const basic = /^basic (.+)$/i.exec(r.authorization ?? '')?.[1]
  const [user, password] = basic ? Buffer.from(basic, 'base64').toString().split(/:(.*)/s) : []
  const plain = (text: string | undefined) =>
    text === undefined ? null : decodeURIComponent(text.replaceAll('+', ' '))
  const clientId = plain(user) ?? r.form.get('client_id')
  if (!clientId) throw missing('client_id')
  const app = r.directory.apps.get(clientId.toLowerCase())
  if (!app) throw noApp(clientId, r.directory.name)
  const secret = plain(password) ?? r.form.get('client_secret')
  if (secret === null) return { app, confidential: false }
  const found = app.secrets.find((s) => s.value === secret)
  if (!found) throw wrongSecret(clientId)
  if (found.expiresAt !== null && found.expiresAt <= Date.now()) throw expiredSecret(clientId)
  return { app, confidential: true }
}

const IDENTITY = new Set(['openid', 'profile', 'email', 'offline_access'])

/** The one resource that a scope names; throws when it names none that exists here. */
function resourceOf(r: TokenRequest, scope: string, appOnly: boolean): string {
  const named = scope.split(' ').filter((s) => s !== '' && !IDENTITY.has(s))
  const [first] = named
  if (named.length === 0 || first === undefined) throw badScope(scope)
  if (appOnly && !first.endsWith('/.default')) {
    throw new EntraError(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    )
  }
  const resource = /^(https?:\/\/[^/]+)\/{1,2}[^/]+$/.exec(first)?.[1]
  if (!resource) throw badScope(scope)
  if (!r.directory.resources.has(resource.toLowerCase())) throw noResource(resource, r.directory.name)
  return resource
}

function accessToken(r: TokenRequest, app: App, resource: string, person: Person | null): Record<string, unknown> {
  const { directory } = r
  const seconds = directory.settings.accessTokenSeconds
  const at = Math.floor(Date.now() / 1000)
  const subject = person?.objectId ?? app.objectId
  const claims = {
    aud: resource,
    iss: `https://sts.windows.net/${directory.tenantId}/`,
    iat: at,
    nbf: at,
    exp: at + seconds,
    appid: app.clientId,
    appidacr: '1',
    idtyp: person ? 'user' : 'app',
    oid: subject,
    sub: subject,
    tid: directory.tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
    ...(person ? { scp: 'user_impersonation', upn: person.upn, name: person.name } : {}),
  }
  return {
    token_type: 'Bearer',
    expires_in: seconds,
    ext_expires_in: seconds,
    access_token: signJwt(directory.keys, claims),
  }
}

function clientCredentials(r: TokenRequest, app: App): Record<string, unknown> {
  const scope = r.form.get('scope')
  if (!scope) throw missing('scope')
  const resource = resourceOf(r, scope, true)
  return accessToken(r, app, resource, null)
}

const codeFaults: Record<CodeFault, [number: number, message: string]> = {
  unknown: [9002313, 'Invalid request. Request is malformed or invalid.'],
  used: [
    54005,
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  ],
  expired: [
    70008,
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  ],
  redirect: [500112, 'The reply address does not match the reply address provided when requesting Authorization code.'],
  verifier: [501481, 'The Code_Verifier does not match the code_challenge supplied in the authorization request.'],
}

function redeem(r: TokenRequest, app: App): Record<string, unknown> {
  if (!r.form.get('code')) throw missing('code')
  const code = redeemCode(r.directory.codes, r.form, app.clientId)
  if (typeof code === 'string') throw badGrant(...codeFaults[code])
  return delegated(r, app, { person: code.person, scope: r.form.get('scope') ?? code.scope, code })
}

function refresh(r: TokenRequest, app: App): Record<string, unknown> {
  const sent = r.form.get('refresh_token')
  if (!sent) throw missing('refresh_token')
  const kept = r.directory.refreshTokens.get(sent)
  if (!kept || kept.clientId !== app.clientId)
    throw badGrant(9002313, 'Invalid request. Request is malformed or invalid.')
  if (kept.revoked)
    throw badGrant(
      50173,
      'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
    )
  if (kept.expiresAt <= Date.now()) throw badGrant(700082, 'The refresh token has expired due to inactivity.')
  return delegated(r, app, { person: kept.person, scope: r.form.get('scope') ?? kept.scope, code: null })
}

/** Tokens for a person: an id token with `openid`, a new refresh token with `offline_access` (the old one stays good). */
function delegated(
  r: TokenRequest,
  app: App,
  { person, scope, code }: { person: Person; scope: string; code: Code<Person> | null },
): Record<string, unknown> {
  const { directory, origin } = r
  if (!app.consented) throw noConsent(app.clientId, app.name)
  const scopes = scope.split(' ')
  const resources = scopes.filter((s) => !IDENTITY.has(s))
  const resource = resources.length > 0 ? resourceOf(r, scope, false) : 'https://graph.microsoft.com'
  const granted = new Set([...(code?.scope.split(' ') ?? []), ...scopes])
  const reply = { ...accessToken(r, app, resource, person), scope }
  if (granted.has('offline_access'))
    Object.assign(reply, { refresh_token: keepRefreshToken(directory, app, person, [...granted].join(' ')) })
  if (!granted.has('openid')) return reply
  const at = Math.floor(Date.now() / 1000)
  const idToken = signJwt(directory.keys, {
    aud: app.clientId,
    iss: `${origin}/${directory.tenantId}/v2.0`,
    iat: at,
    nbf: at,
    exp: at + directory.settings.idTokenSeconds,
    name: person.name,
    oid: person.objectId,
    preferred_username: person.upn,
    sub: createHash('sha256').update(`${app.clientId} ${person.objectId}`).digest('base64url'),
    tid: directory.tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '2.0',
    ...(code?.nonce ? { nonce: code.nonce } : {}),
  })
  return { ...reply, id_token: idToken }
}

function keepRefreshToken(directory: Directory, app: App, person: Person, scope: string): string {
  const token = `0.${randomBytes(48).toString('base64url')}.${randomUUID()}`
  const expiresAt = Date.now() + directory.settings.refreshTokenSeconds * 1000
  directory.refreshTokens.set(token, { clientId: app.clientId, person, scope, expiresAt, revoked: false })
  return token
}

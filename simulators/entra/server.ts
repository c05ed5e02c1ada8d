import type { Reply as Page } from '../exchange/http.ts'
import { errorPage } from '../exchange/sign-in-page.ts'
import { tokenReply } from './auth.ts'
import { authorize } from './authorize.ts'
import { type Directory, isTenant } from './data.ts'
import { EntraError, errorBody, noTenant } from './errors.ts'
import { jwks } from './keys.ts'

type EntraRequest = {
  method: string
  /** Path and query. */
  url: string
  headers: Record<string, string>
  body: string
  /** Scheme, host and port that the caller sees. */
  origin: string
}

export type Kind = 'discovery' | 'jwks' | 'authorize' | 'token' | 'userinfo' | 'logout' | 'adminconsent'

const ROUTES: [Kind, RegExp][] = [
  ['discovery', /^\/([^/]+)(?:\/v2\.0)?\/\.well-known\/openid-configuration$/],
  ['jwks', /^\/([^/]+)\/discovery(?:\/v2\.0)?\/keys$/],
  ['authorize', /^\/([^/]+)\/oauth2(?:\/v2\.0)?\/authorize$/],
  ['token', /^\/([^/]+)\/oauth2\/v2\.0\/token$/],
  ['logout', /^\/([^/]+)\/oauth2\/v2\.0\/logout$/],
  ['adminconsent', /^\/([^/]+)\/(?:v2\.0\/)?adminconsent$/],
  ['userinfo', /^\/(oidc)\/userinfo$/],
]

/** Which endpoint an address is, and of which tenant; null when it is none of ours. */
export function entraRoute(path: string): { kind: Kind; tenant: string } | null {
  for (const [kind, pattern] of ROUTES) {
    const found = pattern.exec(path)
    if (found) return { kind, tenant: decodeURIComponent(found[1]!) }
  }
  return null
}

const NO_STORE = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' }
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

export function handleEntra(directory: Directory, request: EntraRequest, route: { kind: Kind; tenant: string }): Page {
  const cached = route.kind === 'discovery' ? { 'cache-control': 'max-age=86400, private' } : NO_STORE
  try {
    const reply = answer(directory, request, route)
    return { ...reply, headers: { ...JSON_TYPE, ...cached, ...reply.headers } }
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    if (route.kind === 'authorize')
      return errorPage(
        200,
        'Sorry, but we’re having trouble signing you in.',
        `AADSTS${error.number}: ${error.message}`,
      )
    return { status: error.status, headers: { ...JSON_TYPE, ...cached }, body: errorBody(error) }
  }
}

function answer(directory: Directory, request: EntraRequest, route: { kind: Kind; tenant: string }): Page {
  const { kind, tenant } = route
  if (kind === 'userinfo') return userinfo(directory)
  if (!isTenant(directory, tenant)) throw noTenant(tenant, kind === 'discovery' ? 'invalid_tenant' : 'invalid_request')
  const query = new URLSearchParams(request.url.split('?')[1] ?? '')
  switch (kind) {
    case 'discovery':
      return ok(discovery(directory, request, tenant))
    case 'jwks':
      return ok(jwks(directory.keys, `${request.origin}/${directory.tenantId}/v2.0`))
    case 'authorize':
      return authorize(
        directory,
        request.method === 'POST' ? new URLSearchParams(request.body) : query,
        request.url.split('?')[0]!,
      )
    case 'token': {
      if (request.method !== 'POST')
        throw new EntraError(
          400,
          'invalid_request',
          900561,
          'The endpoint only accepts POST requests. Received a GET request.',
        )
      const form = new URLSearchParams(request.body)
      return ok(
        JSON.stringify(
          tokenReply({ directory, origin: request.origin, form, authorization: request.headers.authorization }),
        ),
      )
    }
    case 'adminconsent': {
      const back = new URL(query.get('redirect_uri') ?? 'http://localhost/')
      back.search = new URLSearchParams({
        tenant: directory.tenantId,
        state: query.get('state') ?? '',
        admin_consent: 'True',
      }).toString()
      return { status: 302, headers: { location: back.href }, body: '' }
    }
    default:
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Signed out</title>' }
  }
}

const ok = (body: string): Page => ({ status: 200, headers: {}, body })

function userinfo(directory: Directory): Page {
  const person = directory.people[0]
  return ok(JSON.stringify({ sub: person?.objectId, name: person?.name, email: person?.upn }))
}

function discovery(directory: Directory, request: EntraRequest, tenant: string): string {
  const root = `${request.origin}/${tenant}`
  const version2 = request.url.includes('/v2.0/')
  const shared = /^(common|organizations)$/i.test(tenant)
  const id = shared ? '{tenantid}' : directory.tenantId
  return JSON.stringify({
    token_endpoint: `${root}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${root}/discovery${version2 ? '/v2.0' : ''}/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: version2 ? `${request.origin}/${id}/v2.0` : `https://sts.windows.net/${id}/`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${request.origin}/oidc/userinfo`,
    authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${root}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${root}/oauth2/v2.0/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'preferred_username', 'name', 'tid', 'ver', 'oid'],
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
    code_challenge_methods_supported: ['S256', 'plain'],
  })
}

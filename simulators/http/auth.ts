import { randomBytes } from 'node:crypto'
import { addCode, type Codes, isChallenge, redeemCode } from '../exchange/codes.ts'
import type { Reply } from '../exchange/http.ts'
import { answered, errorPage, sendBack, signInPage } from '../exchange/sign-in-page.ts'
import { json, refusal } from './list.ts'

type Person = { login: string; name: string }

/** Whoever knows these may read and write; `accepts` narrows how they are sent. */
export type Access = {
  user: string
  clientId: string
  secret: string
  accepts: readonly string[]
  /** Tokens given out by /oauth/token: until when, and for whom. */
  tokens: Map<string, { until: number; by: string }>
  lifetimeSeconds: number
  /** Who can sign in at /oauth/authorize. */
  people: Person[]
  codes: Codes<string>
  codeSeconds: number
  /** Whose they are. */
  refreshTokens: Map<string, string>
  /** A refresh token serves once, and brings the next. */
  rotates: boolean
}

export const makeAccess = (secret: string): Access => ({
  user: 'jackfield',
  clientId: 'jackfield-client',
  secret,
  accepts: ['basic', 'bearer', 'api_key_header', 'api_key_query', 'client_credentials', 'authorization_code'],
  tokens: new Map(),
  lifetimeSeconds: 3600,
  people: [
    { login: 'ada@example.org', name: 'Ada Byron' },
    { login: 'blaise@example.org', name: 'Blaise Pascal' },
    { login: 'carl@example.org', name: 'Carl Gauss' },
  ],
  codes: new Map(),
  codeSeconds: 600,
  refreshTokens: new Map(),
  rotates: false,
})

/** Who calls by what is no person's token. */
const service = 'service'

/** How the request proved itself, and who called; null where it did not. */
export function provedBy(
  access: Access,
  headers: Record<string, string>,
  query: URLSearchParams,
): { kind: string; by: string } | null {
  const { authorization = '' } = headers
  const basic = `Basic ${Buffer.from(`${access.user}:${access.secret}`).toString('base64')}`
  const given = access.tokens.get(authorization.replace(/^Bearer /, ''))
  const by = given && given.until > Date.now() ? given.by : null
  const proofs: Record<string, boolean> = {
    basic: authorization === basic,
    bearer: authorization === `Bearer ${access.secret}`,
    api_key_header: headers['x-api-key'] === access.secret,
    api_key_query: query.get('api_key') === access.secret,
    client_credentials: by === service,
    authorization_code: by !== null && by !== service,
  }
  const kind = access.accepts.find((one) => proofs[one])
  return kind === undefined ? null : { kind, by: by ?? service }
}

/** `/oauth/authorize`: who signs in, and whether they allow it. */
export function authorize(access: Access, query: URLSearchParams): Reply {
  const redirectUri = query.get('redirect_uri') ?? ''
  if (query.get('client_id') !== access.clientId) return errorPage(400, 'Sign-in', 'There is no such client.')
  if (!URL.canParse(redirectUri)) return errorPage(400, 'Sign-in', 'The address to go back to is none.')
  const back = (answer: Record<string, string>) => sendBack(redirectUri, { ...answer, state: query.get('state') })
  if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' })
  if (!isChallenge(query.get('code_challenge'))) return back({ error: 'invalid_request' })
  const decision = query.get(answered.decision)
  if (decision === 'decline') return back({ error: 'access_denied' })
  const person = access.people.find(({ login }) => login === query.get(answered.person))
  if (decision === 'accept' && person)
    return back({ code: addCode(access.codes, query, { person: person.login, seconds: access.codeSeconds }) })
  const people = access.people.map(({ login, name }) => ({ value: login, title: name, detail: login }))
  const asks = ['Read and change accounts and contacts in your name']
  return signInPage({ place: 'the HTTP API', app: 'Jackfield', asks, people, asked: query, action: '/oauth/authorize' })
}

export function tokenFor(access: Access, headers: Record<string, string>, body: string): Reply {
  const form = new URLSearchParams(body)
  const [user, password] = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':')
  const id = form.get('client_id') ?? decodeURIComponent(user ?? '')
  const secret = form.get('client_secret') ?? decodeURIComponent(password ?? '')
  const grant = grants[form.get('grant_type') ?? '']
  if (!grant) return oauthError(400, 'unsupported_grant_type')
  if (id !== access.clientId || secret !== access.secret) return oauthError(401, 'invalid_client')
  return grant(access, form)
}

const grants: Record<string, (access: Access, form: URLSearchParams) => Reply> = {
  client_credentials: (access) => tokenOf(access, service),
  authorization_code: (access, form) => {
    const code = redeemCode(access.codes, form, access.clientId)
    return typeof code === 'string' ? oauthError(400, 'invalid_grant') : tokenOf(access, code.person, true)
  },
  refresh_token: (access, form) => {
    const sent = form.get('refresh_token') ?? ''
    const login = access.refreshTokens.get(sent)
    if (login === undefined) return oauthError(400, 'invalid_grant')
    if (access.rotates) access.refreshTokens.delete(sent)
    return tokenOf(access, login, access.rotates)
  },
}

function tokenOf(access: Access, by: string, refreshable = false): Reply {
  const made = () => randomBytes(24).toString('base64url')
  const [access_token, refresh_token] = [made(), made()]
  access.tokens.set(access_token, { until: Date.now() + access.lifetimeSeconds * 1000, by })
  if (refreshable) access.refreshTokens.set(refresh_token, by)
  const more = refreshable ? { refresh_token } : {}
  return json(JSON.stringify({ access_token, token_type: 'Bearer', expires_in: access.lifetimeSeconds, ...more }))
}

/** What a person allowed is over. */
export function revoke(access: Access, login: string): void {
  for (const [token, by] of access.refreshTokens) if (by === login) access.refreshTokens.delete(token)
  for (const [token, { by }] of access.tokens) if (by === login) access.tokens.delete(token)
}

const oauthError = (status: number, error: string) => json(JSON.stringify({ error }), {}, status)

export const unauthorised = () => refusal(401, 'Credentials are missing or wrong', { 'www-authenticate': 'Bearer' })

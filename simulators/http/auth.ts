import { randomBytes } from 'node:crypto'
import type { Reply } from '../exchange/http.ts'
import { json, refusal } from './list.ts'

/** Whoever knows these may read; `accepts` narrows how they are sent. */
export type Access = {
  user: string
  clientId: string
  secret: string
  accepts: readonly string[]
  /** Tokens given out by /oauth/token, until when. */
  tokens: Map<string, number>
  lifetimeSeconds: number
}

export const makeAccess = (secret: string): Access => ({
  user: 'jackfield',
  clientId: 'jackfield-client',
  secret,
  accepts: ['basic', 'bearer', 'api_key_header', 'api_key_query', 'client_credentials'],
  tokens: new Map(),
  lifetimeSeconds: 3600,
})

/** How the request proved itself; null where it did not. */
export function provedBy(access: Access, headers: Record<string, string>, query: URLSearchParams): string | null {
  const { authorization = '' } = headers
  const basic = `Basic ${Buffer.from(`${access.user}:${access.secret}`).toString('base64')}`
  const proofs: Record<string, boolean> = {
    basic: authorization === basic,
    bearer: authorization === `Bearer ${access.secret}`,
    api_key_header: headers['x-api-key'] === access.secret,
    api_key_query: query.get('api_key') === access.secret,
    client_credentials: (access.tokens.get(authorization.replace(/^Bearer /, '')) ?? 0) > Date.now(),
  }
  return access.accepts.find((kind) => proofs[kind]) ?? null
}

export function tokenFor(access: Access, headers: Record<string, string>, body: string): Reply {
  const form = new URLSearchParams(body)
  const [user, password] = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':')
  const id = form.get('client_id') ?? decodeURIComponent(user ?? '')
  const secret = form.get('client_secret') ?? decodeURIComponent(password ?? '')
  if (form.get('grant_type') !== 'client_credentials') return oauthError(400, 'unsupported_grant_type')
  if (id !== access.clientId || secret !== access.secret) return oauthError(401, 'invalid_client')
  const token = randomBytes(24).toString('base64url')
  access.tokens.set(token, Date.now() + access.lifetimeSeconds * 1000)
  return json(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: access.lifetimeSeconds }))
}

const oauthError = (status: number, error: string) => json(JSON.stringify({ error }), {}, status)

export const unauthorised = () => refusal(401, 'Credentials are missing or wrong', { 'www-authenticate': 'Bearer' })

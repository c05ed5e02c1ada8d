import type { KeySet } from './keys.ts'

type Secret = { value: string /** Milliseconds since the epoch, or never. */; expiresAt: number | null }

export type App = {
  clientId: string
  name: string
  /** Object id of its service principal in the tenant. */
  objectId: string
  secrets: Secret[]
  /** Empty: any is taken. */
  redirectUris: string[]
  consented: boolean
}

export type Person = { objectId: string; upn: string; name: string }

export type Code = {
  clientId: string
  redirectUri: string
  scope: string
  person: Person
  nonce: string | null
  challenge: string | null
  challengeMethod: string
  expiresAt: number
  used: boolean
}

type RefreshToken = { clientId: string; person: Person; scope: string; expiresAt: number; revoked: boolean }

export type EntraSettings = {
  accessTokenSeconds: number
  idTokenSeconds: number
  codeSeconds: number
  refreshTokenSeconds: number
}

export type Directory = {
  tenantId: string
  domain: string
  name: string
  apps: Map<string, App>
  /** The first one signs in when nobody is named by `login_hint`. */
  people: Person[]
  /** Origins that tokens can be asked for: `https://org.crm.dynamics.com`. */
  resources: Set<string>
  keys: KeySet
  codes: Map<string, Code>
  refreshTokens: Map<string, RefreshToken>
  settings: EntraSettings
}

export const DEFAULTS: EntraSettings = {
  accessTokenSeconds: 3599,
  idTokenSeconds: 3599,
  codeSeconds: 600,
  refreshTokenSeconds: 90 * 86_400,
}

/** A tenant is named by its id, by its domain, or, for people, by `organizations` and `common`. */
export function isTenant(directory: Directory, name: string): boolean {
  const lower = name.toLowerCase()
  return [directory.tenantId, directory.domain, 'common', 'organizations'].includes(lower)
}

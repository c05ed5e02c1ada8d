import type { Codes } from '../exchange/codes.ts'
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
  /** Redeems what a window gave without a secret ("Allow public client flows"). */
  isPublic: boolean
}

export type Person = { objectId: string; upn: string; name: string }

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
  people: Person[]
  /** Whose session the browser has: they are not asked. */
  signedIn: string | null
  /** Origins that tokens can be asked for: `https://org.crm.dynamics.com`. */
  resources: Set<string>
  keys: KeySet
  codes: Codes<Person>
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

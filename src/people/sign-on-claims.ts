import { hash } from 'node:crypto'
import { HubError } from '#core/errors.ts'

/** What a provider says of a person: the claims of the id token, and of userinfo where that is asked too. */
export type Claims = Readonly<Record<string, unknown>>

/** Signatures that are believed. Closed: never `none`, and never one that the client's own secret could make (HS*). */
export const signatureAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA'],
] as const

const mostGroups = 2_000
const longestName = 200

/** A claim by its name, else by a path of names, such as `realm_access.roles` of Keycloak. */
export function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name.split('.').reduce<unknown>((part, key) => {
    return typeof part === 'object' && part !== null && Object.hasOwn(part, key)
      ? (part as Record<string, unknown>)[key]
      : undefined
  }, claims)
}

/**
 * The groups in a claim. Throws sign_on.groups_missing where the claim is not there or cannot be read: nobody gains or
 * loses a role because a provider forgot to tell. An empty list is told, and means none.
 */
export function groupsOf(claims: Claims, name: string): string[] {
  const value = claimOf(claims, name)
  const groups = typeof value === 'string' ? [value] : value
  if (Array.isArray(groups) && groups.every((group) => typeof group === 'string')) return groups.slice(0, mostGroups)
  // OpenID Connect Core §5.6.2: the claim is elsewhere. Entra does so where somebody is in more than 200 groups.
  const sources = claims._claim_names
  const isElsewhere = typeof sources === 'object' && sources !== null && Object.hasOwn(sources, name)
  throw new HubError(
    'sign_on.groups_missing',
    isElsewhere
      ? `The provider did not tell the groups: there are too many for a token (claim “${name}”)`
      : `The provider did not tell the groups (claim “${name}”)`,
    {
      mend: isElsewhere
        ? 'Have the provider send only groups that are assigned to this application, or its application roles.'
        : 'Have the provider send this claim for everybody, also for those who are in no group.',
    },
  )
}

/** An address counts as somebody's own only where the provider vouches for it; Entra says so by `xms_edov` alone. */
export function emailOf(claims: Claims): { email: string; verified: boolean } | null {
  const { email, email_verified: verified, xms_edov: domainOwned } = claims
  if (typeof email !== 'string' || email.length > 254 || !/^[^\s@\p{Cc}\p{Cf}]+@[^\s@\p{Cc}\p{Cf}]+$/u.test(email))
    return null
  return { email, verified: [verified, domainOwned].some((said) => said === true || said === 'true' || said === '1') }
}

/** What to call somebody whose account is made: one line without control characters. */
export function nameOf(claims: Claims): string {
  const { name, given_name: given, family_name: family, preferred_username: user, email } = claims
  const both = [given, family].filter((part) => typeof part === 'string').join(' ')
  const found = [name, both, user, email].find((text) => typeof text === 'string' && oneLine(text) !== '')
  return typeof found === 'string' ? oneLine(found) : 'Somebody'
}

const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim()
    .slice(0, longestName)

/** OpenID Connect Core §3.1.3.6: the left half of the digest that the signature uses. */
export function accessTokenHash(accessToken: string, algorithm: string): string {
  const size = algorithm.slice(-3)
  const digest = size === '256' || size === '384' ? `sha${size}` : 'sha512'
  const bytes = hash(digest, accessToken, 'buffer')
  return bytes.subarray(0, bytes.length / 2).toString('base64url')
}

import { randomBytes } from 'node:crypto'
import type { Directory } from './data.ts'
import { rotate } from './keys.ts'

/**
 * What an administrator of the directory does to its one app: `newSecret` (makes one), `secret` (adds a value),
 * `expireSecrets`, `removeSecrets`, `consent`, `isPublic`, `redirectUris`, `revokeRefreshTokens` (true, or one person's
 * `upn`), `signedIn` (the `upn` whose session the browser has), `resource` (adds one that tokens can be asked for),
 * `rotateKeys` ("keep" goes on publishing the old key, "drop" voids its tokens).
 */
export function changeDirectory(directory: Directory, input: Record<string, unknown>): unknown {
  const [app] = directory.apps.values()
  if (!app) throw new Error('the directory has no app')
  if (input.expireSecrets) for (const secret of app.secrets) secret.expiresAt = Date.now() - 1000
  if (input.removeSecrets) app.secrets = []
  const value = input.newSecret ? `sim~${randomBytes(24).toString('base64url')}` : input.secret
  if (value !== undefined) app.secrets.push({ value: String(value), expiresAt: null })
  if (typeof input.consent === 'boolean') app.consented = input.consent
  if (Array.isArray(input.redirectUris)) app.redirectUris = input.redirectUris.map(String)
  if (typeof input.resource === 'string') directory.resources.add(input.resource.toLowerCase())
  const { revokeRefreshTokens: revoked } = input
  for (const token of directory.refreshTokens.values())
    if (revoked === true || revoked === token.person.upn) token.revoked = true
  if (typeof input.isPublic === 'boolean') app.isPublic = input.isPublic
  if (input.signedIn !== undefined) directory.signedIn = input.signedIn === null ? null : String(input.signedIn)
  if (input.rotateKeys) rotate(directory.keys, input.rotateKeys === 'drop')
  const keys = directory.keys.keys.map((key) => key.kid)
  return { secret: app.secrets.at(-1)?.value ?? null, keys, consented: app.consented }
}

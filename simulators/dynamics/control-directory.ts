import { randomBytes } from 'node:crypto'
import { rotate } from '../entra/keys.ts'
import type { Simulator } from './simulator.ts'

/**
 * What an administrator of the directory does: `newSecret`, `secret` (adds a value), `expireSecrets`, `revokeRefreshTokens`,
 * `consent`, `rotateKeys` ("keep" publishes the old key on, "drop" voids its tokens), `redirectUris`, `resource`.
 */
export function directoryControl(sim: Simulator, input: Record<string, unknown>): unknown {
  const { directory } = sim
  const [app] = directory.apps.values()
  if (!app) throw new Error('the directory has no app')
  if (input.expireSecrets) for (const secret of app.secrets) secret.expiresAt = Date.now() - 1000
  if (input.removeSecrets) app.secrets = []
  const value = input.newSecret ? `sim~${randomBytes(24).toString('base64url')}` : input.secret
  if (value !== undefined) app.secrets.push({ value: String(value), expiresAt: null })
  if (typeof input.consent === 'boolean') app.consented = input.consent
  if (Array.isArray(input.redirectUris)) app.redirectUris = input.redirectUris.map(String)
  if (typeof input.resource === 'string') directory.resources.add(input.resource.toLowerCase())
  if (input.revokeRefreshTokens) for (const token of directory.refreshTokens.values()) token.revoked = true
  if (input.rotateKeys) {
    rotate(directory.keys, input.rotateKeys === 'drop')
    sim.auth.known.clear()
  }
  return {
    secret: app.secrets.at(-1)?.value ?? null,
    keys: directory.keys.keys.map((k) => k.kid),
    consented: app.consented,
  }
}

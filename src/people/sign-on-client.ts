import * as openid from 'openid-client'
import type { Clock } from '#core/clock.ts'
import type { Door } from '#core/http.ts'
import { doorFetch, type Issuer, readIssuer, readKeys } from './sign-on-issuer.ts'

/** What of a provider is needed to speak with it. */
export interface ClientSettings {
  issuer: string
  tenant: string | null
  clientId: string
  /** Null: a public client, whose codes PKCE alone protects. */
  secret: string | null
}

export interface Client {
  config: openid.Configuration
  metadata: Issuer['metadata']
}

/** Clients of providers, with what these told of themselves not long ago. */
export interface Clients {
  for(settings: ClientSettings): Promise<Client>
  /** After a token was checked: keys that were read anew for it are kept. */
  keep(settings: ClientSettings, client: Client): void
  /** By which a token is signed that came by itself; read once more where the one that it names is not among them. */
  keysFor(settings: ClientSettings, kid: string | undefined): Promise<Issuer>
  /** Seconds by which clocks may differ. */
  skewSeconds: number
  door: Door
}

/** Endpoints and keys are read anew after this. openid-client believes keys no longer. */
const trustedMs = 300_000
/** A token signed by a key that nobody knows has the keys read once more, so often at most. */
const rereadEveryMs = 30_000
const mostKept = 100
/** openid-client reads keys anew for an unknown one where those that it has are older. */
const oldSeconds = 60

interface Kept {
  issuer: Promise<Issuer>
  keys: Issuer['keys'] | null
  readAt: number
  rereadAt: number
}

export function createClients(options: { door: Door; clock: Clock; skewSeconds: number }): Clients {
  const { door, clock, skewSeconds } = options
  const kept = new Map<string, Kept>()
  const keyOf = ({ issuer, tenant }: ClientSettings) => JSON.stringify([issuer, tenant])

  function known(settings: ClientSettings): Kept {
    const key = keyOf(settings)
    const found = kept.get(key)
    if (found && clock.monotonic() - found.readAt < trustedMs) return found
    // Several who come at the same moment wait for one reading; one that failed is forgotten.
    const issuer = readIssuer(door, settings)
    const fresh: Kept = { issuer, keys: null, readAt: clock.monotonic(), rereadAt: Number.NEGATIVE_INFINITY }
    issuer.catch(() => kept.get(key) === fresh && kept.delete(key))
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value!)
    kept.set(key, fresh)
    return fresh
  }

  return {
    door,
    skewSeconds,
    async for(settings) {
      const entry = known(settings)
      const issuer = await entry.issuer
      const config = configure(settings, issuer, { door, skewSeconds })
      const mayReread = clock.monotonic() - entry.rereadAt >= rereadEveryMs
      const uat = Math.floor(Date.now() / 1000) - (mayReread ? oldSeconds : 0)
      openid.setJwksCache(config, { jwks: (entry.keys ?? issuer.keys) as openid.ExportedJWKSCache['jwks'], uat })
      return { config, metadata: issuer.metadata }
    },
    async keysFor(settings, kid) {
      const entry = known(settings)
      const { metadata, keys } = await entry.issuer
      const held = entry.keys ?? keys
      const isKnown = held.keys.some((key) => 'kid' in key && key.kid === kid)
      const mayReread = clock.monotonic() - entry.rereadAt >= rereadEveryMs
      if (isKnown || kid === undefined || !mayReread) return { metadata, keys: held }
      entry.rereadAt = clock.monotonic()
      entry.keys = await readKeys(door, metadata.jwks_uri)
      return { metadata, keys: entry.keys }
    },
    keep(settings, { config }) {
      const entry = kept.get(keyOf(settings))
      const cache = openid.getJwksCache(config)
      const isNew = cache && cache.uat > Math.floor(Date.now() / 1000) - oldSeconds
      if (!entry || !isNew || clock.monotonic() - entry.rereadAt < rereadEveryMs) return
      entry.keys = cache.jwks as Issuer['keys']
      entry.rereadAt = clock.monotonic()
    },
  }
}

function configure(
  { clientId, secret }: ClientSettings,
  { metadata }: Issuer,
  { door, skewSeconds }: { door: Door; skewSeconds: number },
): openid.Configuration {
  const takesPost = metadata.token_endpoint_auth_methods_supported.includes('client_secret_post')
  const withSecret = (text: string) => (takesPost ? openid.ClientSecretPost(text) : openid.ClientSecretBasic(text))
  const config = new openid.Configuration(
    metadata,
    clientId,
    { [openid.clockTolerance]: skewSeconds },
    secret === null ? openid.None() : withSecret(secret),
  )
  config[openid.customFetch] = doorFetch(door) as openid.CustomFetch
  // Over TLS the standard lets the code flow go without it; a proxy that reads along could then write too.
  openid.enableNonRepudiationChecks(config)
  // The door refuses plain http but for hosts that the operator named.
  if (new URL(metadata.issuer).protocol === 'http:') openid.allowInsecureRequests(config)
  return config
}

import type { Clock } from '#core/clock.ts'
import type { Log } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import type { Permission } from '#model/permission.ts'
import { findApiKey, noteApiKeyUse } from './api-key.ts'
import type { SessionLimits } from './context.ts'
import { grantsOfPerson, sightOfKey } from './grants.ts'
import type { Principal } from './principal.ts'
import { findSession, noteSessionUse } from './session.ts'

/**
 * How long a key or session is believed without asking again: what is revoked or narrowed counts within this time. A stream
 * that is open looks once a second who follows it, and so is told of what was asked again beside it.
 */
const trustedMs = 5_000
/** One that is used after this is asked for again beside the request, so that nobody who calls often ever waits for it. */
const renewMs = 2_500
const noteEveryMs = 60_000
// Wrong credentials are kept too, or a flood of one would be a flood of queries; the oldest goes first.
const mostKept = 10_000

export interface CredentialCheck {
  /** Whose key has this digest; null when it is nobody's, or revoked. */
  key(hash: Buffer): Promise<Principal | null> | Principal | null
  session(hash: Buffer): Promise<Principal | null> | Principal | null
  /** Forgets what is known, so that a change made by this process counts at once. */
  forget(): void
}

/** What a panel in another site's page needs. That page may lie over it, so that a click there says little. */
const framePermissions: ReadonlySet<Permission> = new Set(['use:desktop', 'read:records', 'write:records'])

interface Kept {
  principal: Principal | null
  askedAt: number
  renewing: boolean
}

type Find = (hash: Buffer) => Promise<Principal | null>

interface CheckOptions {
  pool: Pool
  clock: Clock
  log: Log
  limits: SessionLimits
}

export function createCredentialCheck(options: CheckOptions): CredentialCheck {
  const { pool, clock, log, limits } = options
  const kept = new Map<string, Kept>()
  const noted = new Map<string, number>()
  let forgotten = 0

  /** Use is noted beside the request: it must neither slow nor fail it. */
  function note(id: string, write: () => Promise<void>): void {
    const now = clock.monotonic()
    if (now - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return
    if (noted.size >= mostKept) noted.clear()
    noted.set(id, now)
    write().catch((error: unknown) => log.debug('the use of a credential was not noted', { error }))
  }

  function check(kind: 'key' | 'session', hash: Buffer, find: Find): Promise<Principal | null> | Principal | null {
    const name = `${kind}:${hash.toString('latin1')}`
    const known = kept.get(name)
    const age = known ? clock.monotonic() - known.askedAt : trustedMs
    if (!known || age >= trustedMs) return ask(name, hash, find)
    if (age >= renewMs && !known.renewing) {
      known.renewing = true
      // Who comes after the time of trust asks again, and gets the error.
      ask(name, hash, find).catch(() => {
        known.renewing = false
      })
    }
    return known.principal
  }

  async function ask(name: string, hash: Buffer, find: Find): Promise<Principal | null> {
    const askedAt = clock.monotonic()
    const before = forgotten
    const principal = await find(hash)
    // What was read before something changed here is no longer worth keeping.
    if (before !== forgotten) return principal
    kept.delete(name)
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value!)
    kept.set(name, { principal, askedAt, renewing: false })
    return principal
  }

  const findKey: Find = async (hash) => {
    const found = await findApiKey(pool, hash)
    if (!found) return null
    note(found.id, () => noteApiKeyUse(pool, found.id))
    const { id, name, scopes, role, owners } = found
    const sight = await sightOfKey(pool, role, owners)
    return { kind: 'key', id, name, permissions: new Set(scopes), sight, sessionId: null, expiresAt: null }
  }
  const findPerson: Find = async (hash) => {
    const found = await findSession(pool, hash)
    if (!found) return null
    // By token, not by session: the first use of a new one is noted at once.
    note(hash.toString('hex'), () => noteSessionUse(pool, hash, limits))
    const { id: sessionId, personId: id, name, expiresAt, renewAt, inFrame } = found
    const { permissions: all, sight } = await grantsOfPerson(pool, id)
    const permissions = inFrame ? all.intersection(framePermissions) : all
    return { kind: 'person', id, name, permissions, sight, sessionId, expiresAt, renewAt, inFrame }
  }

  return {
    key: (hash) => check('key', hash, findKey),
    session: (hash) => check('session', hash, findPerson),
    forget: () => {
      forgotten += 1
      kept.clear()
    },
  }
}

import type { Clock } from '#core/clock.ts'
import type { Pool } from '#database/pool.ts'
import type { Keyring } from '#secrets/keyring.ts'
import type { Passwords } from './password.ts'

/** How long sessions last. */
export interface SessionLimits {
  /** Unused so long, a session ends. */
  idleHours: number
  /** However much it is used, a session ends after this. */
  days: number
}

/** What signing in and accounts need of the hub. */
export interface PeopleContext {
  pool: Pool
  keyring: Keyring
  clock: Clock
  passwords: Passwords
  limits: SessionLimits
  /** Told of whom an attempt to sign in means, as soon as it is known. */
  noticed?: (person: { id: string; name?: string; email?: string | null }) => void
}

/** The browser in which a person acts, and what its cookies hold. */
export interface Browser {
  address: string
  /** What it says of itself. */
  agent: string | null
  sessionToken: string | null
  deviceToken: string | null
}

import type { Clock } from '#core/clock.ts'
import type { Log } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import type { Finder } from '#records/find.ts'
import type { LookUp } from '#records/lookup.ts'

/** What the desktop works with. */
export interface DesktopContext {
  pool: Pool
  lookUp: LookUp
  finder: Finder
  clock: Clock
  log: Log
  /** An interaction changed: whoever watches is to look now. */
  changed(): void
}

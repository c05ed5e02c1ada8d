import { waitAtMost } from '#core/time-limit.ts'
import type { Queryable } from '#database/pool.ts'
import { listTables, type SyncedTable } from './table.ts'

/** Read again in the background beyond this age: whoever asks is answered by what is known. */
const freshMs = 2_000
/** Beyond this it is waited for: the first call after a quiet night is not answered by yesterday's settings. */
const longestMs = 5_000
/** So long at most: the doors' connections may all be taken, and look-ups, which have their own, stand behind none. */
const longestWaitMs = 250

/**
 * The synced tables, as they stood five seconds ago at most while the database answers: look-ups that follow one another
 * do not wait for settings.
 */
export interface TableCache {
  all(): Promise<SyncedTable[]>
  get(id: number): Promise<SyncedTable | undefined>
  /** They changed: what is being read now may be from before. */
  forget(): void
}

/** `now`: milliseconds of a clock that never goes back. */
export function createTableCache(db: Queryable, now = () => performance.now()): TableCache {
  let known: { tables: SyncedTable[]; at: number } | undefined
  let reading: Promise<SyncedTable[]> | undefined
  const read = () => {
    if (reading) return reading
    const at = now()
    const started: Promise<SyncedTable[]> = listTables(db)
      .then((tables) => {
        if (reading === started) known = { tables, at }
        return tables
      })
      .finally(() => {
        if (reading === started) reading = undefined
      })
    reading = started
    return started
  }
  const all = async () => {
    if (!known) return read()
    const { tables, at } = known
    const age = now() - at
    if (age > freshMs) {
      const anew = read().catch(() => undefined)
      if (age > longestMs) await waitAtMost(longestWaitMs, anew)
    }
    // Where the database did not tell, what was known answers.
    return known?.tables ?? tables
  }
  return {
    all,
    get: async (id) =>
      (await all()).find((table) => table.id === id) ?? (await read()).find((table) => table.id === id),
    forget: () => {
      known = undefined
      reading = undefined
    },
  }
}

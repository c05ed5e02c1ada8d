import type { Pool } from '#database/pool.ts'
import { listTables, type SyncedTable } from './table.ts'

/** How long a change of mapping may take to be seen by readers. */
const maxAgeMs = 2_000

/** The synced tables, read at most every two seconds: look-ups must not wait for settings. */
export interface TableCache {
  all(): Promise<SyncedTable[]>
  get(id: number): Promise<SyncedTable | undefined>
  forget(): void
}

export function createTableCache(pool: Pool): TableCache {
  let tables: SyncedTable[] | undefined
  let readAt = 0
  let reading: Promise<SyncedTable[]> | undefined
  const read = () => {
    reading ??= listTables(pool)
      .then((found) => {
        tables = found
        readAt = performance.now()
        return found
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  const all = async () => {
    if (!tables) return read()
    // Yesterday's settings answer while today's are read: a look-up never waits for them.
    if (performance.now() - readAt > maxAgeMs) read().catch(() => undefined)
    return tables
  }
  return {
    all,
    get: async (id) =>
      (await all()).find((table) => table.id === id) ?? (await read()).find((table) => table.id === id),
    forget: () => {
      tables = undefined
    },
  }
}

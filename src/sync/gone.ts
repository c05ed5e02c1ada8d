import { isDatabaseUnavailable } from '#database/pool.ts'
import { goneColumns } from '#records/gone-columns.ts'
import { loadTable, type SyncedTable } from '#records/table.ts'
import type { SyncContext } from './context.ts'
import type { SyncRun } from './run.ts'

/** By table: when its description was last read for columns that may be back, by the monotonic clock. */
export type Looks = Map<number, number>

// One call more, as long as a column is gone; a person who asks for a run has it looked for at once.
const lookEveryMs = 300_000

/** Nothing tells that a column is shown again: before a run over a table that lacks one, its description is read. */
export async function lookForGone(
  context: SyncContext,
  looks: Looks,
  { table, run }: { table: SyncedTable; run: SyncRun },
): Promise<SyncedTable> {
  if (goneColumns(table).length === 0) return table
  const [now, last] = [context.clock.monotonic(), looks.get(table.id)]
  if (run.requestedBy === null && last !== undefined && now - last < lookEveryMs) return table
  looks.set(table.id, now)
  try {
    await context.refreshMetadata(table.connectionId, table.entity)
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error
    // The run meets the same, and tells it.
    context.log.warn('the description of a table was not read', { table: table.entity, error: String(error) })
  }
  return await loadTable(context.pool, table.id)
}

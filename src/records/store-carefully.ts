import { HubError } from '#core/errors.ts'
import type { Transaction } from '#database/pool.ts'
import type { RawRow } from '#model/reading.ts'
import { park } from './park.ts'
import type { StoreTarget } from './read-rows.ts'
import { type StoreOptions, type StoreResult, storeRows } from './store.ts'

/** True where Postgres refused a value itself (class 22), or a row beyond its limits (class 54). */
export function isRefusedValue(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code
  return error instanceof Error && typeof code === 'string' && /^(22|54)/.test(code)
}

/**
 * As storeRows, for a page that Postgres refused as a whole: halves it until the refused row stands alone, parks that
 * one and stores the others.
 */
export async function storeCarefully(
  tx: Transaction,
  target: StoreTarget,
  raws: readonly RawRow[],
  options: StoreOptions,
): Promise<StoreResult> {
  await tx.query('savepoint half')
  try {
    const result = await storeRows(tx, target, raws, options)
    await tx.query('release savepoint half')
    return result
  } catch (error) {
    if (!isRefusedValue(error)) throw error
    await tx.query('rollback to savepoint half')
    await tx.query('release savepoint half')
    if (raws.length === 1) return parkRefused(tx, target, raws[0]!, error)
    const middle = Math.ceil(raws.length / 2)
    const first = await storeCarefully(tx, target, raws.slice(0, middle), options)
    const second = await storeCarefully(tx, target, raws.slice(middle), options)
    return {
      written: first.written + second.written,
      unchanged: first.unchanged + second.unchanged,
      outOfScope: first.outOfScope + second.outOfScope,
      parked: first.parked + second.parked,
      again: [...first.again, ...second.again],
    }
  }
}

async function parkRefused(tx: Transaction, target: StoreTarget, raw: RawRow, cause: Error): Promise<StoreResult> {
  const error = new HubError('record.invalid', `The database refuses a value of this row: ${cause.message}`, { cause })
  const parked = await park(tx, target.table.id, [{ raw, sourceId: target.reader.readId(raw), error }])
  return { written: 0, unchanged: 0, outOfScope: 0, parked, again: [] }
}

import type { Transaction } from '#database/pool.ts'
import { type Mark, markLiteral } from '#model/mark.ts'
import type { Changed } from './compare-content.ts'
import { literals, texts } from './lists.ts'

/** One change as it is fed. */
export interface RecordChange {
  id: string
  operation: 'created' | 'changed' | 'deleted' | 'restored' | 'left_scope' | 'entered_scope'
  mark: Mark | null
  changed: Changed
  cause: string
}

const FEED = {
  name: 'feed',
  text: `insert into jackfield.change(table_id, record_id, operation, mark, changed, cause)
    select $1, record_id, operation, mark::bigint[], changed::jsonb, cause
    from rows from (unnest($2::uuid[]), string_to_table($3, E'\\x1e'), string_to_table($4, E'\\x1e', ''), string_to_table($5, E'\\x1e'),
        string_to_table($6, E'\\x1e')) as fed(record_id, operation, mark, changed, cause)`,
}

/** Writes the change feed in the transaction that made the changes (design invariant 7). */
export async function feedChanges(tx: Transaction, tableId: number, changes: readonly RecordChange[]): Promise<void> {
  if (changes.length === 0) return
  await tx.query({
    ...FEED,
    values: [
      tableId,
      literals(changes.map(({ id }) => id)),
      texts(changes.map(({ operation }) => operation)),
      texts(changes.map(({ mark }) => (mark === null ? '' : markLiteral(mark)))),
      texts(changes.map(({ changed }) => JSON.stringify(changed))),
      texts(changes.map(({ cause }) => cause)),
    ],
  })
}

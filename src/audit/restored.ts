import { inTransaction, type Pool } from '#database/pool.ts'
import { xidOffset } from './block.ts'

// Any fixed number: processes that start at once take turns.
const lock = 7_204_612

/** Where the log goes on above its own numbers, so many are left free. */
const gap = 1_000n

/**
 * A database that was restored into another server brings acts of transactions that this server has not reached: what is
 * written from now on would come before them. From now on it counts on from where they ended. Asked at the start of
 * every process, before anything is written.
 */
export async function goOnAfterRestore(pool: Pool): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(${lock})`)
    const { rows } = await tx.query<{ highest: bigint | null; next: bigint; above: bigint }>(
      `select greatest((select max(xid) from jackfield.act), (select max(last_xid) from jackfield.act_block)) as highest,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next, ${xidOffset} as above`,
    )
    const { highest, next, above } = rows[0]!
    if (highest === null || highest < next + above) return false
    const offset = highest - next + gap
    await tx.query(
      `alter table jackfield.act alter column xid set default pg_current_xact_id()::text::bigint + ${offset}`,
    )
    await tx.query(
      `insert into jackfield.setting as s (key, value) values ('audit.xid_offset', to_jsonb($1::bigint))
        on conflict (key) do update set value = excluded.value, changed_at = now()`,
      [offset],
    )
    return true
  })
}

import { inTransaction, type Pool } from '#database/pool.ts'
import { type BlockRow, blockColumns, droppedProof, toBlock } from './block.ts'
import type { AuditKeys } from './key.ts'

// The oldest alone is looked at: where the clock was set back, a later block waits until those before it are old too.
const OLDEST = {
  name: 'act-block-oldest',
  text: `select * from (select ${blockColumns} from jackfield.act_block
      where dropped_at is null order by number limit 1 for update) oldest
    where "sealedAt" < now() - make_interval(days => $1)`,
}

/**
 * Takes away the acts of blocks that were sealed so many days ago, block by block; answers how many acts. The blocks
 * stay, marked by a proof that it was the hub: what follows is chained to them.
 */
export async function dropOldActs(pool: Pool, keys: AuditKeys, keepDays: number): Promise<number> {
  let dropped = 0
  for (;;) {
    const here = await dropOldest(pool, keys, keepDays)
    if (here === null) return dropped
    dropped += here
  }
}

function dropOldest(pool: Pool, { current, all }: AuditKeys, keepDays: number): Promise<number | null> {
  return inTransaction(pool, async (tx) => {
    const row = (await tx.query<BlockRow>({ ...OLDEST, values: [keepDays] })).rows[0]
    if (!row) return null
    const block = toBlock(row)
    const { rowCount } = await tx.query({
      name: 'act-drop',
      text: `delete from jackfield.act a where (a.xid, a.id) <= ($1, $2)`,
      values: [block.last.xid, block.last.id],
    })
    const { rows } = await tx.query<{ now: Date }>(`select date_trunc('milliseconds', clock_timestamp()) as now`)
    const at = rows[0]!.now
    const key = all.find(({ id }) => id === block.keyId) ?? current
    await tx.query({
      name: 'act-block-drop',
      text: `update jackfield.act_block set rows = null, dropped_at = $2, dropped_mac = $3 where number = $1`,
      values: [block.number, at, droppedProof(key, block, at)],
    })
    return rowCount ?? 0
  })
}

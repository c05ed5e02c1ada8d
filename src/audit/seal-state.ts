import type { Queryable } from '#database/pool.ts'
import { beginning, lastBlock } from './block.ts'

/** How far the log is sealed. */
export interface SealState {
  /** Number of the last block; 0: none yet. */
  blocks: number
  sealedAt: Date | null
  /** Hash of the last block, in hex. */
  head: string | null
  /** Acts that no block holds yet; counted no further than `mostCounted`. */
  unsealed: number
}

/** A sealer that is this far behind is in trouble, whatever the number. */
const mostCounted = 10_000

export async function sealState(db: Queryable): Promise<SealState> {
  const last = await lastBlock(db)
  const { xid, id } = last?.last ?? beginning
  const { rows } = await db.query<{ unsealed: number }>({
    name: 'act-unsealed',
    text: `select count(*)::int as unsealed
      from (select from jackfield.act a where (a.xid, a.id) > ($1, $2) limit ${mostCounted}) counted`,
    values: [xid, id],
  })
  return {
    blocks: Number(last?.number ?? 0n),
    sealedAt: last?.sealedAt ?? null,
    head: last?.hash.toString('hex') ?? null,
    unsealed: rows[0]!.unsealed,
  }
}

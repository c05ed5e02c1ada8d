import { hash } from 'node:crypto'
import type { Queryable } from '#database/pool.ts'
import { type AuditKey, proofOf } from './key.ts'

/** Where a block ends: acts are sealed in the order of their transactions, and by id within one. */
export interface Place {
  xid: bigint
  id: string
}

export interface Block {
  number: bigint
  keyId: string
  count: number
  last: Place
  /** Transactions from this one on began after the block was sealed. */
  nextXid: bigint
  sealedAt: Date
  digest: Buffer
  hash: Buffer
  droppedAt: Date | null
  droppedMac: Buffer | null
}

export const beginning: Place = { xid: 0n, id: '00000000-0000-0000-0000-000000000000' }
/** What the first block is chained to. */
export const noHash = Buffer.alloc(32)

export const digestOf = (rows: Buffer): Buffer => hash('sha256', rows, 'buffer')

type Sealing = Omit<Block, 'hash' | 'droppedAt' | 'droppedMac'>

/** Over the block before and all that is in this one, by a key that the database does not hold. */
export function blockHash(key: AuditKey, previous: Buffer, block: Sealing): Buffer {
  const { number, keyId, count, last, nextXid, sealedAt, digest } = block
  const parts = [previous.toString('hex'), String(number), keyId, count, String(last.xid), last.id, String(nextXid)]
  return proofOf(key, JSON.stringify([...parts, sealedAt.toISOString(), digest.toString('hex')]))
}

/** That the hub itself took the block's acts away when their time was over. */
export const droppedProof = (key: AuditKey, block: Pick<Block, 'hash'>, at: Date): Buffer =>
  proofOf(key, JSON.stringify(['dropped', block.hash.toString('hex'), at.toISOString()]))

export const blockColumns = `number, key_id as "keyId", count, last_xid as "lastXid", last_id as "lastId",
  next_xid as "nextXid", sealed_at as "sealedAt", digest, hash, dropped_at as "droppedAt", dropped_mac as "droppedMac"`

export type BlockRow = Omit<Block, 'last'> & { lastXid: bigint; lastId: string }
export const toBlock = ({ lastXid, lastId, ...rest }: BlockRow): Block => ({
  ...rest,
  last: { xid: lastXid, id: lastId },
})

export async function lastBlock(db: Queryable): Promise<Block | null> {
  const { rows } = await db.query<BlockRow>({
    name: 'act-block-last',
    text: `select ${blockColumns} from jackfield.act_block order by number desc limit 1`,
  })
  return rows[0] ? toBlock(rows[0]) : null
}

/** SQL for how far the log's numbers of transactions stand above the server's: a restored log goes on above its own. */
export const xidOffset = `coalesce((select (value #>> '{}')::bigint from jackfield.setting where key = 'audit.xid_offset'), 0)`

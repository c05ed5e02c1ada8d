import { hash } from 'node:crypto'
import type { RawRow } from '#model/reading.ts'

/** First eight bytes of md5(source), as record.content_hash keeps it and Postgres can make it again. */
export function contentHash(raw: RawRow): bigint {
  return BigInt.asIntN(64, BigInt(`0x${hash('md5', raw).slice(0, 16)}`))
}

/** The same in SQL, over a column or parameter `text`. */
export const contentHashSql = (text: string) => `('x' || substr(md5(${text}), 1, 16))::bit(64)::bigint`

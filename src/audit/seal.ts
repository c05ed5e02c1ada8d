import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '#core/log.ts'
import { horizon } from '#database/horizon.ts'
import { isDatabaseUnavailable, type Pool, type Transaction } from '#database/pool.ts'
import { beginning, blockHash, digestOf, lastBlock, noHash, xidOffset } from './block.ts'
import type { AuditKeys } from './key.ts'
import { digestBytes, wholeRow } from './row.ts'

/** So many acts at most are one block. */
const mostInBlock = 5_000
const everyMs = 1_000
/** The right to seal is given back after so long without an act, so that an idle hub renews nothing. */
const lingerMs = 10_000

/** The right to seal, which one process has at a time. */
export interface Turn {
  /** Aborted when it is lost. */
  signal: AbortSignal
  /** A transaction that commits only while it is held. */
  commit<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

export interface SealerParts {
  pool: Pool
  keys: AuditKeys
  /** Does the work while this process has the turn; null when another has it. */
  lead: (work: (turn: Turn) => Promise<void>) => Promise<unknown>
  log: Log
}

/** Chains what was written into blocks, a second behind: no act waits for another. */
export function createSealer(parts: SealerParts): { start(): void; stop(): Promise<void> } {
  const stopping = new AbortController()
  let ended: Promise<void> | undefined
  return {
    start() {
      ended ??= run(parts, stopping.signal)
    },
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

async function run(parts: SealerParts, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      if (await waiting(parts.pool)) await parts.lead((turn) => sealWhileActive(parts, turn, stopping))
    } catch (error) {
      const level = isDatabaseUnavailable(error) || stopping.aborted ? 'debug' : 'warn'
      parts.log[level]('the audit log was not sealed', { error })
    }
    await pause(stopping)
  }
}

const pause = (signal: AbortSignal) => wait(everyMs, undefined, { signal, ref: false }).catch(() => undefined)

async function sealWhileActive({ keys }: SealerParts, turn: Turn, stopping: AbortSignal): Promise<void> {
  const over = AbortSignal.any([stopping, turn.signal])
  for (let idleSince = performance.now(); performance.now() - idleSince < lingerMs; ) {
    const sealed = await turn.commit((tx) => sealBlock(tx, keys))
    if (over.aborted) return
    if (sealed > 0) idleSince = performance.now()
    if (sealed < mostInBlock) await pause(over)
    if (over.aborted) return
  }
}

/** Whether anything lies above the last block; true for what cannot be sealed yet as well. */
async function waiting(pool: Pool): Promise<boolean> {
  const { xid, id } = (await lastBlock(pool))?.last ?? beginning
  // In order: else the whole log might be read to find that there is nothing.
  const { rowCount } = await pool.query({
    name: 'act-waiting',
    text: `select from jackfield.act a where (a.xid, a.id) > ($1, $2) order by a.xid, a.id limit 1`,
    values: [xid, id],
  })
  return rowCount === 1
}

// Each row is read once, below the oldest running transaction, where nothing can appear any more.
const COLLECT = {
  name: 'act-collect',
  text: `with now as (select ${xidOffset} as above, pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next,
        ${horizon}::text::bigint as horizon, date_trunc('milliseconds', clock_timestamp()) as at),
      found as (select a.xid, a.id, substring(sha256(convert_to(${wholeRow}, 'UTF8')) for ${digestBytes}) as digest
        from jackfield.act a
        where (a.xid, a.id) > ($1, $2) and a.xid < (select horizon + above from now)
        order by a.xid, a.id limit ${mostInBlock}),
      whole as (select count(*)::int as count, string_agg(uuid_send(id) || digest, ''::bytea order by xid, id) as rows from found),
      last as (select xid, id from found order by xid desc, id desc limit 1)
    select whole.count, whole.rows, last.xid as "lastXid", last.id as "lastId", now.next + now.above as "nextXid",
      now.at as "sealedAt" from whole, last, now`,
}

interface Collected {
  count: number
  rows: Buffer
  lastXid: bigint
  lastId: string
  nextXid: bigint
  sealedAt: Date
}

/** Seals what can be sealed, as one block at most; answers how many acts. The caller proves its turn. */
export async function sealBlock(tx: Transaction, { current: key }: AuditKeys): Promise<number> {
  const before = await lastBlock(tx)
  const { xid, id } = before?.last ?? beginning
  const found = (await tx.query<Collected>({ ...COLLECT, values: [xid, id] })).rows[0]
  if (!found) return 0
  const { count, rows, lastXid, lastId, nextXid, sealedAt } = found
  const last = { xid: lastXid, id: lastId }
  const number = (before?.number ?? 0n) + 1n
  const block = { number, keyId: key.id, count, last, nextXid, sealedAt, digest: digestOf(rows) }
  const hash = blockHash(key, before?.hash ?? noHash, block)
  await tx.query({
    name: 'act-block',
    text: `insert into jackfield.act_block
        (number, key_id, count, last_xid, last_id, next_xid, sealed_at, digest, rows, hash)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [number, key.id, count, lastXid, lastId, nextXid, sealedAt, block.digest, rows, hash],
  })
  return count
}

import { hash, timingSafeEqual } from 'node:crypto'
import type { Pool, Transaction } from '#database/pool.ts'
import {
  type Block,
  type BlockRow,
  beginning,
  blockColumns,
  blockHash,
  digestOf,
  droppedProof,
  noHash,
  type Place,
  toBlock,
} from './block.ts'
import type { AuditKey, AuditKeys } from './key.ts'
import { digestBytes, macOf, type WrittenRow, wholeRow } from './row.ts'

/** What is not as the hub wrote it. `block` is null for what no block holds yet. */
export type Finding =
  /** A row's act is that of `id`; `at` its time where the row is there. */
  | { kind: 'removed' | 'added' | 'altered'; block: string | null; id: string; at: string | null }
  | { kind: 'block_removed' | 'block_altered'; block: string }
  /** The master key whose proof this is was not given. */
  | { kind: 'key_unknown'; block: string | null; key: string }
  /** No block has the hash that was noted elsewhere: blocks at the end were removed, or all was made anew. */
  | { kind: 'head_missing' }

export interface Verified {
  ok: boolean
  blocks: number
  acts: number
  /** Blocks whose acts were taken away by the hub when their time was over. */
  droppedBlocks: number
  /** Acts of the last moments, which no block holds yet. */
  unsealed: number
  /** Of the last block: noted elsewhere, it tells later whether the end was cut off. */
  head: string | null
  findings: Finding[]
  /** There are more findings than are named. */
  more: boolean
}

export interface VerifyOptions {
  /** Noted elsewhere: a hash that some block must have. */
  head?: string
  onProgress?: (done: { blocks: number; of: number; acts: number }) => void
}

const mostFindings = 200
const rowsAtOnce = 5_000

interface Check {
  tx: Transaction
  keys: AuditKeys
  told: Verified
  tell: (finding: Finding) => void
}

/** Reads the whole log as it stands at one moment, and proves each block and row. */
export async function verifyLog(pool: Pool, keys: AuditKeys, options: VerifyOptions = {}): Promise<Verified> {
  const told: Verified = {
    ...{ ok: true, blocks: 0, acts: 0, droppedBlocks: 0, unsealed: 0, head: null, findings: [], more: false },
  }
  const tell = (finding: Finding) => {
    told.ok = false
    if (told.findings.length < mostFindings) told.findings.push(finding)
    else told.more = true
  }
  const client = await pool.connect()
  const lost = () => undefined
  client.on('error', lost)
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    // A log of years takes as long as it takes.
    await client.query('set local statement_timeout = 0')
    await verifyWithin({ tx: client, keys, told, tell }, options)
  } finally {
    const broken = await client.query('rollback').then(
      () => undefined,
      (error: Error) => error,
    )
    client.off('error', lost)
    client.release(broken)
  }
  return told
}

async function verifyWithin(check: Check, { head, onProgress }: VerifyOptions): Promise<void> {
  const { tx, told, tell } = check
  const of = Number((await tx.query<{ n: bigint }>('select count(*) as n from jackfield.act_block')).rows[0]!.n)
  let before: Pick<Block, 'number' | 'hash' | 'last'> = { number: 0n, hash: noHash, last: beginning }
  let headFound = head === undefined
  for (;;) {
    const block = await nextBlock(tx, before.number)
    if (!block) break
    checkChain(check, before, block)
    await checkRows(check, before.last, block)
    told.blocks += 1
    if (block.droppedAt) told.droppedBlocks += 1
    if (head !== undefined && block.hash.toString('hex') === head.toLowerCase()) headFound = true
    before = block
    onProgress?.({ blocks: told.blocks, of, acts: told.acts })
  }
  if (told.blocks > 0) told.head = before.hash.toString('hex')
  await checkUnsealed(check, before.last)
  await findCopies(check)
  if (!headFound) tell({ kind: 'head_missing' })
}

type StoredBlock = Block & { rows: Buffer | null }

async function nextBlock(tx: Transaction, after: bigint): Promise<StoredBlock | null> {
  const { rows } = await tx.query<BlockRow & { rows: Buffer | null }>({
    name: 'act-block-next',
    text: `select ${blockColumns}, rows from jackfield.act_block where number > $1 order by number limit 1`,
    values: [after],
  })
  const row = rows[0]
  return row ? { ...toBlock(row), rows: row.rows } : null
}

function checkChain({ keys, tell }: Check, before: Pick<Block, 'number' | 'hash'>, block: StoredBlock): void {
  const name = String(block.number)
  for (let missing = before.number + 1n; missing < block.number; missing += 1n) {
    tell({ kind: 'block_removed', block: String(missing) })
    if (missing - before.number > BigInt(mostFindings)) break
  }
  const key = keys.all.find(({ id }) => id === block.keyId)
  if (!key) {
    tell({ kind: 'key_unknown', block: name, key: block.keyId })
    return
  }
  // What was chained to a block that is gone cannot be proven; the gap is told already.
  const chained = block.number === before.number + 1n
  const isSound = !chained || same(blockHash(key, before.hash, block), block.hash)
  if (!isSound || !isSoundInside(key, block)) tell({ kind: 'block_altered', block: name })
}

function isSoundInside(key: AuditKey, block: StoredBlock): boolean {
  const { rows, count, digest, droppedAt, droppedMac } = block
  if (droppedAt) return rows === null && droppedMac !== null && same(droppedProof(key, block, droppedAt), droppedMac)
  return rows !== null && rows.length === count * entryBytes && same(digestOf(rows), digest)
}

const same = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)

const idBytes = 16
const entryBytes = idBytes + digestBytes

/** Id → digest, as the block holds them. */
function entriesOf(rows: Buffer | null): Map<string, string> {
  const entries = new Map<string, string>()
  for (let at = 0; rows && at + entryBytes <= rows.length; at += entryBytes) {
    const id = rows.toString('hex', at, at + idBytes)
    entries.set(dashed(id), rows.toString('hex', at + idBytes, at + entryBytes))
  }
  return entries
}

const dashed = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

interface FoundRow extends WrittenRow {
  xid: bigint
  at: Date
  mac: Buffer
  whole: string
  /** What the statement that wrote the row found by itself stands beside: its subject is then no part of the proof. */
  hasResult: boolean
}

/** Rows after one place up to another, or to the end, in slices. */
async function* rowsBetween(tx: Transaction, after: Place, last: Place | null): AsyncGenerator<FoundRow> {
  for (let from = after; ; ) {
    const { rows } = await tx.query<FoundRow>({
      name: last ? 'act-between' : 'act-after',
      text: `select a.xid, a.id, a.at, a.actor_kind as "actorKind", a.actor_id as "actorId", a.session_id as "sessionId",
          a.act, a.subject_kind as "subjectKind", a.subject_id as "subjectId", a.outcome, a.begun,
          a.details::text as details, a.personal::text as personal, a.mac, a.result is not null as "hasResult",
          ${wholeRow} as whole
        from jackfield.act a where (a.xid, a.id) > ($1, $2) ${last ? 'and (a.xid, a.id) <= ($3, $4)' : ''}
        order by a.xid, a.id limit ${rowsAtOnce}`,
      values: [from.xid, from.id, ...(last ? [last.xid, last.id] : [])],
    })
    yield* rows
    if (rows.length < rowsAtOnce) return
    from = rows.at(-1)!
  }
}

async function checkRows(check: Check, after: Place, block: StoredBlock): Promise<void> {
  const { tx, told, tell } = check
  const name = String(block.number)
  const entries = entriesOf(block.rows)
  for await (const row of rowsBetween(tx, after, block.last)) {
    told.acts += 1
    const { id } = row
    const at = row.at.toISOString()
    const sealed = entries.get(id)
    entries.delete(id)
    if (sealed === undefined) tell({ kind: 'added', block: name, id, at })
    else if (sealed !== hash('sha256', row.whole, 'hex').slice(0, digestBytes * 2)) {
      tell({ kind: 'altered', block: name, id, at })
    } else if (!isOurs(check, row)) tell({ kind: 'added', block: name, id, at })
  }
  for (const id of entries.keys()) tell({ kind: 'removed', block: name, id, at: null })
}

/** Whether a hub wrote it: who has the database alone cannot make the proof. */
function isOurs({ keys }: Check, row: FoundRow): boolean {
  const written = row.hasResult ? { ...row, subjectKind: null, subjectId: null } : row
  return keys.all.some((key) => same(macOf(key, written), row.mac))
}

async function checkUnsealed(check: Check, after: Place): Promise<void> {
  for await (const row of rowsBetween(check.tx, after, null)) {
    check.told.acts += 1
    check.told.unsealed += 1
    const { id, at } = row
    if (!isOurs(check, row)) check.tell({ kind: 'added', block: null, id, at: at.toISOString() })
  }
}

/** A row that was copied has a good proof; its id stands twice. */
async function findCopies({ tx, tell }: Check): Promise<void> {
  const { rows } = await tx.query<{ id: string; at: Date }>(
    `select id, max(at) as at from jackfield.act group by id having count(*) > 1 limit ${mostFindings}`,
  )
  for (const { id, at } of rows) tell({ kind: 'added', block: null, id, at: at.toISOString() })
}

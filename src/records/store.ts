import type { Transaction } from '#database/pool.ts'
import type { RawRow } from '#model/reading.ts'
import { changedFields } from './compare-content.ts'
import { decide, decideAbsent } from './decide.ts'
import { feedChanges, type RecordChange } from './feed-write.ts'
import { keepGoneValues } from './gone-columns.ts'
import { park, unpark } from './park.ts'
import { projectedRows } from './projected-rows.ts'
import { asReading, type Incoming, type ReadRows, readRows, type StoreTarget } from './read-rows.ts'
import { buryRows, insertRows, insertTombstones, lockRows, replaceRows, type StoredRow, storedStates } from './rows.ts'
import { confirmSettings, type SyncedTable } from './table.ts'

// Rows and bytes of one statement: enough to amortise the round trip, small enough to stay within work_mem.
const chunkRows = 1_000
const chunkBytes = 4_194_304

/** What made the hub read: shown with each change. An echo is the hub's own write coming back; it fires nothing. */
export type Cause = 'sync' | 'hint' | 'audit' | 'echo' | 'replay'

export interface StoreOptions {
  /** Drawn before the request went out. */
  ticket: bigint
  cause: Cause
  /** The rows were asked for by id. */
  byId: boolean
  /** What comes back of the hub's own writes is an echo. */
  ownWrites?: OwnWrites
  /**
   * Insert first, and compare only what was there. Where `all` rows are taken for new, Postgres does not look for each
   * whether it stands there (measured: a tenth of a first copy); one that does ends the transaction with 23505.
   */
  expectNew?: 'all' | 'nearly all' | undefined
}

/** Tells which changes are the hub's own writes coming back. */
export type OwnWrites = (
  tx: Transaction,
  table: SyncedTable,
  recordIds: readonly string[],
) => Promise<(change: Change) => boolean>

type Change = Omit<RecordChange, 'cause'>

export interface StoreResult {
  written: number
  unchanged: number
  outOfScope: number
  parked: number
  /** Source ids whose order nobody can tell: to be read by id. */
  again: string[]
}

interface Batch {
  tx: Transaction
  target: StoreTarget
  options: StoreOptions
  /** Drawn when the rows are stored. */
  storedTicket: bigint
  /** False during a table's first pass. */
  feeds: boolean
  result: StoreResult
}

/** A number that grows with each reading: what tells two readings without marks apart (design invariant 3). */
export async function drawTicket(db: Pick<Transaction, 'query'>): Promise<bigint> {
  const { rows } = await db.query<{ ticket: bigint }>({
    name: 'ticket',
    text: `select nextval('jackfield.reading_ticket') as ticket`,
  })
  return rows[0]!.ticket
}

/**
 * Stores rows as a CRM answered them, in the caller's transaction. Only what is later than what is held is written;
 * rows that break the model are parked alone. Throws sync.settings_changed.
 */
export async function storeRows(
  tx: Transaction,
  target: StoreTarget,
  raws: readonly RawRow[],
  options: StoreOptions,
): Promise<StoreResult> {
  const result: StoreResult = { written: 0, unchanged: 0, outOfScope: 0, parked: 0, again: [] }
  if (raws.length === 0) return result
  const { feeds } = await confirmSettings(tx, target.table)
  const batch: Batch = { tx, target, options, storedTicket: await drawTicket(tx), feeds, result }
  for await (const { rows, broken } of readAhead(target, raws, options.expectNew !== undefined)) {
    if (broken.length > 0) result.parked += await park(tx, target.table.id, broken)
    await unpark(
      tx,
      target.table.id,
      rows.map((incoming) => incoming.row.sourceId),
    )
    const own = await withoutProjections(tx, target.table, rows)
    await storeChunk(batch, await keepGoneValues(tx, target.table, own))
  }
  return result
}

/** A row that holds another CRM's record is out of scope, though somebody emptied the columns by which the filter tells. */
async function withoutProjections(tx: Transaction, table: SyncedTable, rows: Incoming[]): Promise<Incoming[]> {
  const inScope = rows.filter((incoming) => incoming.inScope)
  const sourceIds = inScope.map(({ row }) => row.sourceId)
  const projected = await projectedRows(tx, table, sourceIds)
  if (projected.size === 0) return rows
  return rows.map((incoming) => (projected.has(incoming.row.sourceId) ? { ...incoming, inScope: false } : incoming))
}

/** Each chunk's rows in turn; the next one's are read while Postgres stores these. */
async function* readAhead(target: StoreTarget, raws: readonly RawRow[], toBeWritten = false): AsyncGenerator<ReadRows> {
  let coming: Promise<ReadRows> | null = null
  for (const chunk of chunks(raws)) {
    const reading = readRows(target, chunk, toBeWritten)
    // Until its turn comes, a failure must not count as unheard.
    reading.catch(() => undefined)
    if (coming) yield await coming
    coming = reading
  }
  if (coming) yield await coming
}

function* chunks(raws: readonly RawRow[]): Generator<readonly RawRow[]> {
  let from = 0
  let bytes = 0
  for (let i = 0; i < raws.length; i += 1) {
    bytes += raws[i]!.length
    if (i + 1 - from < chunkRows && bytes < chunkBytes) continue
    yield raws.slice(from, i + 1)
    from = i + 1
    bytes = 0
  }
  if (from < raws.length) yield raws.slice(from)
}

async function storeChunk(batch: Batch, rows: Incoming[]): Promise<void> {
  const differing: Incoming[] = []
  let fresh = rows
  if (!batch.options.expectNew) {
    const held = await storedStates(batch.tx, batch.target.table.id, rows)
    fresh = rows.filter((incoming) => !held.has(incoming.id))
    for (const incoming of rows) {
      const stored = held.get(incoming.id)
      if (!stored) continue
      if (decide(stored, readingOf(incoming, batch)) === 'keep') batch.result.unchanged += 1
      else differing.push(incoming)
    }
  }
  const met = await insertFresh(batch, fresh)
  await writeLater(batch, inOrder([...differing, ...met]))
}

const inOrder = (rows: Incoming[]) => rows.sort((a, b) => (a.id < b.id ? -1 : 1))

const readingOf = (incoming: Incoming, { options: { ticket, byId } }: Batch) => asReading(incoming, { ticket, byId })

/** Inserts rows that the hub does not hold; returns those that another transaction stored meanwhile. */
async function insertFresh(batch: Batch, fresh: Incoming[]): Promise<Incoming[]> {
  // What never passed the filter is not copied; what passed it once is marked out of scope below.
  const wanted = fresh.filter((incoming) => incoming.inScope)
  const { tx, target, result, options } = batch
  const held = new Set(
    await insertRows(tx, target.table, wanted, {
      ticket: batch.storedTicket,
      surelyNew: options.expectNew === 'all',
    }),
  )
  result.written += wanted.length - held.size
  if (batch.feeds) {
    const created = wanted.filter((incoming) => !held.has(incoming))
    await feed(batch, created.map(asCreated))
  }
  return fresh.filter((incoming) => !incoming.inScope || held.has(incoming))
}

async function feed(
  { tx, target, options }: Pick<Batch, 'tx' | 'target' | 'options'>,
  changes: Change[],
): Promise<void> {
  if (changes.length === 0) return
  const ids = changes.map(({ id }) => id)
  const isOwn = options.ownWrites ? await options.ownWrites(tx, target.table, ids) : () => false
  const fed = changes.map((change) => ({ ...change, cause: isOwn(change) ? 'echo' : options.cause }))
  await feedChanges(tx, target.table.id, fed)
}

const asCreated = (incoming: Incoming): Change => ({
  id: incoming.id,
  operation: 'created',
  mark: incoming.row.mark,
  changed: changedFields(null, incoming.row.raw.toString()),
})

/** Decides once more with the rows locked, and writes those that are later than what is held. */
async function writeLater(batch: Batch, rows: Incoming[]): Promise<void> {
  if (rows.length === 0) return
  const { tx, target, result } = batch
  const locked = await lockRows(tx, target.table.id, rows)
  const writes: { incoming: Incoming; stored: StoredRow }[] = []
  for (const incoming of rows) {
    const stored = locked.get(incoming.id)
    if (!stored) {
      // Not held and outside the filter.
      result.outOfScope += 1
      continue
    }
    const decision = decide(stored, readingOf(incoming, batch))
    if (decision === 'write') writes.push({ incoming, stored })
    else if (decision === 'read again') result.again.push(incoming.row.sourceId)
    else result.unchanged += 1
  }
  await replaceRows(tx, target.table, writes, batch.storedTicket)
  result.written += writes.length
  if (!batch.feeds) return
  const fed = writes.map(({ incoming, stored }) => asReplaced(incoming, stored)).filter((change) => change !== null)
  await feed(batch, fed)
}

function asReplaced(incoming: Incoming, stored: StoredRow): Change | null {
  const operation = operationOf(incoming, stored)
  const changed = changedFields(stored.deleted ? null : stored.source, incoming.row.raw.toString())
  // A new version with the same content is stored, but nobody has anything to do about it.
  if (operation === 'changed' && Object.keys(changed).length === 0) return null
  return { id: incoming.id, operation, mark: incoming.row.mark, changed }
}

function operationOf(incoming: Incoming, stored: StoredRow): Change['operation'] {
  if (stored.deleted) return stored.source === null ? 'created' : 'restored'
  if (!stored.outOfScope && !incoming.inScope) return 'left_scope'
  if (stored.outOfScope && incoming.inScope) return 'entered_scope'
  return 'changed'
}

/**
 * The CRM answered that it holds none of these: they become tombstones, also those that the hub never held, so that no
 * older reading brings them back. Those that the CRM has `elsewhere` cannot come: of them only what is held is buried.
 */
export async function storeAbsent(
  tx: Transaction,
  target: StoreTarget,
  sourceIds: readonly string[],
  options: Pick<StoreOptions, 'ticket' | 'cause' | 'ownWrites'> & { elsewhere?: readonly string[] },
): Promise<{ deleted: number; again: string[] }> {
  if (sourceIds.length === 0) return { deleted: 0, again: [] }
  const { table } = target
  const { feeds } = await confirmSettings(tx, table)
  const absent = [...new Set(sourceIds)]
    .map((sourceId) => ({ id: target.idOf(sourceId), sourceId }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const ticket = await drawTicket(tx)
  const elsewhere = new Set(options.elsewhere)
  const possible = absent.filter(({ sourceId }) => !elsewhere.has(sourceId))
  const inserted = await insertTombstones(tx, table, possible, ticket)
  const met = absent.filter(({ id }) => !inserted.has(id))
  const locked = await lockRows(tx, table.id, met)
  const gone: StoredRow[] = []
  const again: string[] = []
  for (const { id, sourceId } of met) {
    const stored = locked.get(id)
    if (!stored) continue
    const decision = decideAbsent(stored, options)
    if (decision === 'write') gone.push(stored)
    if (decision === 'read again') again.push(sourceId)
  }
  await buryRows(tx, table, gone, ticket)
  if (feeds) await feed({ tx, target, options: { ...options, byId: true } }, gone.map(asDeleted))
  await unpark(
    tx,
    table.id,
    absent.map(({ sourceId }) => sourceId),
  )
  return { deleted: gone.length, again }
}

const asDeleted = (stored: StoredRow): Change => ({
  id: stored.id,
  operation: 'deleted',
  mark: stored.mark,
  changed: changedFields(stored.source, null),
})

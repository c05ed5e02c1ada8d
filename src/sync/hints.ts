import { setTimeout as wait } from 'node:timers/promises'
import { inTransaction, type Pool, type Queryable } from '#database/pool.ts'
import { type Lease, proveLease } from '#jobs/lease.ts'
import { ownWrites } from '#outbox/own-writes.ts'
import { type Cause, drawTicket, storeAbsent, storeRows } from '#records/store.ts'
import type { SyncedTable } from '#records/table.ts'
import { openTable, type SyncContext, type TableWork } from './context.ts'
import { type Hint, insertHints } from './inbox.ts'

interface OpenHint {
  id: bigint
  entity: string
  sourceId: string
  operation: string
}

const OPEN = {
  name: 'hints-open',
  text: `select id, entity, source_id as "sourceId", operation from jackfield.hint
    where connection_id = $1 and done_at is null and ($2::text is null or entity = $2) order by id limit $3`,
}
const DONE = {
  name: 'hints-done',
  text: 'update jackfield.hint set done_at = now() where connection_id = $1 and id = any($2::bigint[]) and done_at is null',
}

/** Hints taken in one look: several requests' worth, so that a burst on one record becomes one reading. */
const mostAtOnce = 2_000

/** Doubts and listed deletes of a page become hints, kept with the page. */
export function hintsOf(
  table: SyncedTable,
  sourceIds: readonly string[],
  operation: 'settle' | 'deleted',
  origin: string,
): Hint[] {
  return sourceIds.map((sourceId) => ({
    eventKey: `${operation}/${origin}/${table.id}/${sourceId}`,
    connectionId: table.connectionId,
    entity: table.entity,
    sourceId,
    operation,
  }))
}

async function openHints(db: Queryable, connectionId: string, entity: string | null): Promise<OpenHint[]> {
  const { rows } = await db.query<OpenHint>({ ...OPEN, values: [connectionId, entity, mostAtOnce] })
  return rows
}

/** One table's hints: coalesced per record, the records read back by id, stored, and the hints done, in one transaction a batch. */
async function settleHints(
  context: Pick<SyncContext, 'pool'>,
  work: TableWork,
  hints: readonly OpenHint[],
  lease: Pick<Lease, 'name' | 'epoch'>,
): Promise<void> {
  const byRecord = new Map<string, OpenHint[]>()
  for (const hint of hints) {
    const same = byRecord.get(hint.sourceId)
    if (same) same.push(hint)
    else byRecord.set(hint.sourceId, [hint])
  }
  const records = [...byRecord]
  const size = work.connector.manifest.idsPerRead
  for (let from = 0; from < records.length; from += size) {
    await settleBatch(context.pool, work, new Map(records.slice(from, from + size)), lease)
  }
}

async function settleBatch(
  pool: Pool,
  work: TableWork,
  batch: Map<string, OpenHint[]>,
  lease: Pick<Lease, 'name' | 'epoch'>,
): Promise<void> {
  const { table, connector, session, scope, target } = work
  const sourceIds = [...batch.keys()]
  const ticket = await drawTicket(pool)
  const page = await connector.readByIds(session, scope, sourceIds, 'incremental')
  const answered = new Set(page.rows.map((raw) => connector.readId(scope, raw)))
  const absent = sourceIds.filter((sourceId) => !answered.has(sourceId))
  const hints = [...batch.values()].flat()
  const options = { ticket, cause: causeOf(hints), byId: true, ownWrites }
  await inTransaction(pool, async (tx) => {
    const stored = await storeRows(tx, target, page.rows, options)
    const buried = await storeAbsent(tx, target, absent, options)
    await tx.query({ ...DONE, values: [table.connectionId, hints.map((hint) => hint.id)] })
    // Overlapping readings: nobody can tell which was later, so these are read once more.
    await insertHints(tx, hintsOf(table, [...stored.again, ...buried.again], 'settle', `ticket ${ticket}`))
    await proveLease(tx, lease)
  })
}

const causeOf = (hints: readonly OpenHint[]): Cause =>
  hints.every(({ operation }) => operation === 'settle') ? 'sync' : 'hint'

/** Settles every hint of a connection, table after table; false when there was none. */
export async function settleConnection(
  context: SyncContext,
  tables: readonly SyncedTable[],
  connectionId: string,
  lease: Lease,
): Promise<boolean> {
  const open = await openHints(context.pool, connectionId, null)
  if (open.length === 0) return false
  const entities = new Set(open.map(({ entity }) => entity))
  for (const entity of entities) {
    const hints = open.filter((hint) => hint.entity === entity)
    const table = tables.find(
      (candidate) => candidate.connectionId === connectionId && candidate.entity === entity && candidate.enabled,
    )
    if (table) await settleHints(context, await openTable(context, table), hints, lease)
    else await context.pool.query({ ...DONE, values: [connectionId, hints.map((hint) => hint.id)] })
  }
  return true
}

/** Settles what a run left open of its table before the run is said to be done. */
export async function settleTable(context: SyncContext, work: TableWork, lease: Lease): Promise<void> {
  for (let pause = 0; ; pause = Math.min(pause + 50, 500)) {
    const open = await openHints(context.pool, work.table.connectionId, work.table.entity)
    if (open.length === 0 || lease.signal.aborted) return
    await settleHints(context, work, open, lease)
    await wait(pause)
  }
}

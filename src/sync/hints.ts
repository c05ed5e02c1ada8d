import { setTimeout as wait } from 'node:timers/promises'
import { isHubError } from '#core/errors.ts'
import { inTransaction, isDatabaseUnavailable, type Pool, type Queryable } from '#database/pool.ts'
import { type Lease, proveLease, underLease } from '#jobs/lease.ts'
import { ownWrites } from '#outbox/own-writes.ts'
import { projectedRows } from '#records/projected-rows.ts'
import { type Cause, drawTicket, storeAbsent } from '#records/store.ts'
import { storeCarefully } from '#records/store-carefully.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { openTable, type SyncContext, type TableWork } from './context.ts'
import { type Hint, insertHints } from './inbox.ts'
import type { Rest } from './rest.ts'
import { wakeTable } from './table-state.ts'

interface OpenHint {
  id: bigint
  entity: string
  sourceId: string
  operation: string
}

/** Hints taken in one look: several requests' worth, so that a burst on one record becomes one reading. */
const mostAtOnce = 2_000

const OPEN = {
  name: 'hints-open',
  text: `select id, entity, source_id as "sourceId", operation from jackfield.hint
    where connection_id = $1 and ($2::text is null or entity = $2) and entity <> all($3::text[])
      and ($4::bigint is null or id <= $4) order by id limit ${mostAtOnce}`,
}
const DONE = {
  name: 'hints-done',
  text: 'delete from jackfield.hint where connection_id = $1 and id = any($2::bigint[])',
}

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

interface Which {
  connectionId: string
  entity?: string
  without?: readonly string[]
  /** The latest hint that is asked for. */
  upTo?: bigint
}

async function openHints(db: Queryable, { connectionId, entity, without = [], upTo }: Which): Promise<OpenHint[]> {
  const { rows } = await db.query<OpenHint>({ ...OPEN, values: [connectionId, entity ?? null, without, upTo ?? null] })
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
  const projected = await projectedRows(context.pool, work.table, [...byRecord.keys()])
  const ours = hints.filter(({ sourceId }) => projected.has(sourceId))
  if (ours.length > 0) await forget(context.pool, work.table.connectionId, ours, lease)
  const records = [...byRecord].filter(([sourceId]) => !projected.has(sourceId))
  const size = work.connector.manifest.idsPerRead
  for (let from = 0; from < records.length; from += size) {
    await settleBatch(context.pool, work, new Map(records.slice(from, from + size)), lease)
  }
}

/** Hints of what need not be read. */
const forget = (pool: Pool, connectionId: string, hints: readonly OpenHint[], lease: Pick<Lease, 'name' | 'epoch'>) =>
  underLease(pool, lease, (tx) => tx.query({ ...DONE, values: [connectionId, hints.map((hint) => hint.id)] }))

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
    const stored = await storeCarefully(tx, target, page.rows, options)
    const buried = await storeAbsent(tx, target, absent, { ...options, elsewhere: page.elsewhere ?? [] })
    await tx.query({ ...DONE, values: [table.connectionId, hints.map((hint) => hint.id)] })
    // Overlapping readings: nobody can tell which was later, so these are read once more.
    await insertHints(tx, hintsOf(table, [...stored.again, ...buried.again], 'settle', `ticket ${ticket}`))
    await proveLease(tx, lease)
  })
}

const causeOf = (hints: readonly OpenHint[]): Cause =>
  hints.every(({ operation }) => operation === 'settle') ? 'sync' : 'hint'

/**
 * Settles hints of a connection, table after table; false when there was none. A table whose hints cannot be settled now
 * rests, and holds up no other.
 */
export async function settleConnection(
  context: SyncContext,
  connectionId: string,
  lease: Lease,
  rest: Rest,
): Promise<boolean> {
  const open = await openHints(context.pool, { connectionId, without: rest.resting() })
  if (open.length === 0) return false
  const tables = await listTables(context.pool, connectionId)
  for (const [entity, hints] of Map.groupBy(open, (hint) => hint.entity)) {
    lease.signal.throwIfAborted()
    const table = tables.find((candidate) => candidate.entity === entity && candidate.enabled)
    try {
      if (table) await settleHints(context, await openTable(context, table), hints, lease)
      else await forget(context.pool, connectionId, hints, lease)
      rest.worked(entity)
    } catch (error) {
      await onUnsettled(context, { connectionId, entity, table }, error)
      rest.failed(entity, isHubError(error) ? error.detail.retryAt : undefined)
    }
  }
  return true
}

interface Unsettled {
  connectionId: string
  entity: string
  table: SyncedTable | undefined
}

/** Throws what concerns the work as a whole. */
async function onUnsettled(context: SyncContext, { connectionId, entity, table }: Unsettled, error: unknown) {
  const isOver = isHubError(error, 'job.lease_lost') || (error instanceof Error && error.name === 'AbortError')
  if (isOver || isDatabaseUnavailable(error)) throw error
  context.log.warn('pushed changes wait to be read', { connection: connectionId, entity, error })
  await context.noteFault(connectionId, error)
  // The table's next pass finds out which columns are gone.
  if (table && isHubError(error, 'field.unknown')) await wakeTable(context.pool, table.id)
}

const LATEST = {
  name: 'hints-latest',
  text: `select max(id) as id from jackfield.hint where connection_id = $1 and entity = $2`,
}

/** Settles what a run left open of its table before the run is said to be done; what is pushed meanwhile is not waited for. */
export async function settleTable(context: SyncContext, work: TableWork, lease: Lease): Promise<void> {
  const { connectionId, entity } = work.table
  const latest = await context.pool.query<{ id: bigint | null }>({ ...LATEST, values: [connectionId, entity] })
  const upTo = latest.rows[0]!.id
  if (upTo === null) return
  for (let pause = 0; ; pause = Math.min(pause + 50, 500)) {
    lease.signal.throwIfAborted()
    const open = await openHints(context.pool, { connectionId, entity, upTo })
    if (open.length === 0) return
    await settleHints(context, work, open, lease)
    await wait(pause)
  }
}

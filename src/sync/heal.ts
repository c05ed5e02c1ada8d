import { HubError, isHubError } from '#core/errors.ts'
import { inTransaction } from '#database/pool.ts'
import { type Lease, proveLease } from '#jobs/lease.ts'
import { compareMarks } from '#model/mark.ts'
import type { RawRow, SourceRow } from '#model/reading.ts'
import { contentHash } from '#records/content.ts'
import type { Difference } from '#records/enumeration.ts'
import { goneColumns, keepGone } from '#records/gone-columns.ts'
import { distrustRows, type HeldRow, heldRows, removeRows } from '#records/held-rows.ts'
import { projectedRows } from '#records/projected-rows.ts'
import { drawTicket, storeAbsent } from '#records/store.ts'
import { storeCarefully } from '#records/store-carefully.ts'
import type { SyncContext, TableWork } from './context.ts'
import { hintsOf } from './hints.ts'
import { insertHints } from './inbox.ts'
import type { SyncRun } from './run.ts'
import type { Completeness } from './table-state.ts'

export interface Found {
  /** Confirmed by reading each record again. */
  differences: Difference[]
  healed: number
  deletesVerified: boolean
  /** Entries of the number, e-mail and relation indexes that stood in no record, or were missing. */
  keysMended: number
}

// Design invariant 5: more than this share of a table and more than so many at once are removed only when a person agrees.
const mostRemovedShare = 0.02
const mostRemoved = 50

interface Healing {
  run: SyncRun
  lease: Lease
  /** The CRM's clock when the enumeration began: what changed later is no difference, only on its way. */
  startedAt: Date | null
  /** Stands for the filter and the rights of now. */
  sight: string
  held: number
}

interface Confirmed {
  difference: Difference
  /** Null: the CRM answers that it holds no such row. */
  raw: RawRow | null
}

/** Asks the CRM for each suspect by id, names those that truly differ, and heals them when the run was asked to. */
export async function healDifferences(
  context: SyncContext,
  work: TableWork,
  suspects: readonly Difference[],
  healing: Healing,
): Promise<Found> {
  const foreign = suspects
    .filter((suspect) => isForeign(work, suspect))
    .map((suspect): Difference => ({ ...suspect, kind: 'identity' }))
  const rest = suspects.filter((suspect) => !isForeign(work, suspect))
  const differences: Difference[] = [...foreign]
  const repair = healing.run.options.repair === true
  const absent: { confirmed: Confirmed; ticket: bigint }[] = []
  let healed = 0
  for (let from = 0; from < rest.length; from += work.connector.manifest.idsPerRead) {
    healing.lease.signal.throwIfAborted()
    const ticket = await drawTicket(context.pool)
    const confirmed = await confirm(context, work, rest.slice(from, from + work.connector.manifest.idsPerRead), healing)
    const present = confirmed.filter(({ raw }) => raw !== null)
    absent.push(...confirmed.filter(({ raw }) => raw === null).map((gone) => ({ confirmed: gone, ticket })))
    differences.push(...present.map(({ difference }) => difference))
    if (repair) healed += await rewrite(context, work, present, { ticket, lease: healing.lease })
  }
  differences.push(...absent.map(({ confirmed }) => confirmed.difference))
  if (!repair) return { differences, healed, deletesVerified: absent.length === 0, keysMended: 0 }
  refuseLargeSweep(work, absent.length, healing)
  healed += await removeForeign(context, work, foreign, healing.lease)
  for (const { confirmed, ticket } of absent)
    healed += await bury(context, work, confirmed.difference, { ticket, lease: healing.lease })
  return { differences, healed, deletesVerified: true, keysMended: 0 }
}

/** A row whose id is not made of its source id was not put there by the hub. */
const isForeign = ({ target }: TableWork, { id, sourceId }: Difference) => target.idOf(sourceId) !== id

/** Those of the suspects that still differ now that both sides are looked at again. */
async function confirm(
  context: SyncContext,
  work: TableWork,
  suspects: readonly Difference[],
  healing: Healing,
): Promise<Confirmed[]> {
  const { table, connector, session, scope } = work
  const sourceIds = suspects.map(({ sourceId }) => sourceId)
  const page = await connector.readByIds(session, scope, sourceIds, 'incremental')
  const raws = new Map(page.rows.map((raw) => [connector.readId(scope, raw), raw]))
  const held = await heldRows(
    context.pool,
    table.id,
    suspects.map(({ id }) => id),
  )
  const projected = await projectedRows(context.pool, table, sourceIds)
  return suspects
    .map((difference) => ({ difference, raw: raws.get(difference.sourceId) ?? null }))
    .filter((confirmed) => {
      const { sourceId } = confirmed.difference
      const isOwn = !projected.has(sourceId)
      return differs(work, confirmed, { held: held.get(sourceId), startedAt: healing.startedAt, isOwn })
    })
}

/** Null: the row breaks the model, and is to be parked. */
function readable({ connector, scope, target }: TableWork, raw: RawRow): SourceRow | null {
  try {
    const row = connector.readRow(scope, raw)
    target.check(row.values)
    return row
  } catch (error) {
    if (isHubError(error, 'record.invalid')) return null
    throw error
  }
}

interface Beside {
  held: HeldRow | undefined
  startedAt: Date | null
  /** False: the row holds another CRM's record. */
  isOwn: boolean
}

function differs(work: TableWork, { raw }: Confirmed, { held, startedAt, isOwn }: Beside): boolean {
  const isHeld = held !== undefined && !held.deleted
  if (raw === null) return isHeld && !held.outOfScope
  const { table, target } = work
  const gone = goneColumns(table)
  const row = readable(work, raw)
  if (row === null) return true
  if (!isOwn || !target.reader.inScope(row.values)) return isHeld && !held.outOfScope
  if (isHeld && isSame(held, row, gone)) return false
  const modified = table.mapping.modifiedAt === null ? null : Date.parse(String(row.values[table.mapping.modifiedAt]))
  // Changed since the enumeration began: the next pass brings it.
  return modified === null || Number.isNaN(modified) || startedAt === null || modified < startedAt.getTime()
}

function isSame(held: HeldRow, { mark, ...row }: SourceRow, gone: readonly string[]): boolean {
  const raw = held.source === null || gone.length === 0 ? row.raw : keepGone(row.raw, held.source, gone)
  const sameMark = mark === null || held.mark === null ? mark === held.mark : compareMarks(mark, held.mark) === 0
  return !held.outOfScope && sameMark && held.contentHash === contentHash(raw) && held.source === raw.toString()
}

interface Under {
  ticket: bigint
  lease: Lease
}

/** Stores what the CRM answered over what is held: its version is not trusted, so the reading decides. */
async function rewrite(
  { pool }: SyncContext,
  work: TableWork,
  present: readonly Confirmed[],
  { ticket, lease }: Under,
): Promise<number> {
  if (present.length === 0) return 0
  // One that will be parked leaves what is held as it is.
  const ids = present.filter(({ raw }) => readable(work, raw!) !== null).map(({ difference }) => difference.id)
  return inTransaction(pool, async (tx) => {
    await distrustRows(tx, work.table.id, ids)
    const raws = present.map(({ raw }) => raw!)
    const stored = await storeCarefully(tx, work.target, raws, { ticket, cause: 'audit', byId: true })
    await insertHints(tx, hintsOf(work.table, stored.again, 'settle', `ticket ${ticket}`))
    await proveLease(tx, lease)
    return stored.written
  })
}

async function bury(
  { pool }: SyncContext,
  work: TableWork,
  { sourceId }: Difference,
  { ticket, lease }: Under,
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const { deleted, again } = await storeAbsent(tx, work.target, [sourceId], { ticket, cause: 'audit' })
    await insertHints(tx, hintsOf(work.table, again, 'settle', `ticket ${ticket}`))
    await proveLease(tx, lease)
    return deleted
  })
}

async function removeForeign(
  { pool }: SyncContext,
  { table }: TableWork,
  foreign: readonly Difference[],
  lease: Lease,
): Promise<number> {
  if (foreign.length === 0) return 0
  return inTransaction(pool, async (tx) => {
    const removed = await removeRows(
      tx,
      table.id,
      foreign.map(({ id }) => id),
    )
    await proveLease(tx, lease)
    return removed
  })
}

function refuseLargeSweep({ table }: TableWork, removals: number, { run, held, sight }: Healing): void {
  if (removals === 0 || run.options.approved) return
  const mend = 'Look at the differences of this run; if the CRM truly lost these rows, approve the sweep'
  const previous = (table.completeness as Completeness | null)?.sight
  if (previous && previous !== sight) {
    throw new HubError(
      'sync.sweep_needs_person',
      `${removals} records of ${table.entity} are gone from the CRM, and the filter or the hub's rights changed since the last sweep`,
      { mend },
    )
  }
  if (removals > mostRemoved && removals > held * mostRemovedShare) {
    throw new HubError(
      'sync.sweep_needs_person',
      `${removals} of ${held} records of ${table.entity} are gone from the CRM: too many to remove unasked`,
      { mend },
    )
  }
}

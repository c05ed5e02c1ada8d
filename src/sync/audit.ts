import { hash } from 'node:crypto'
import { createLinkGuard } from '#connectors/link-guard.ts'
import { inTransaction, type Transaction } from '#database/pool.ts'
import { type Lease, proveLease, underLease } from '#jobs/lease.ts'
import { type Difference, type Enumeration, openEnumeration } from '#records/enumeration.ts'
import { countParked } from '#records/park.ts'
import { projectedRows } from '#records/projected-rows.ts'
import { mendKeys, reindexTable } from '#records/reindex.ts'
import { drawTicket } from '#records/store.ts'
import type { SyncContext, TableWork } from './context.ts'
import { type Found, healDifferences } from './heal.ts'
import { finishRun, noteStart, requestRun, type SyncRun } from './run.ts'
import { type Completeness, noteCompleteness } from './table-state.ts'
import { largestPage } from './walk.ts'

const mostDifferences = 100_000
/** Differences named in a run's result; the rest are counted. */
const mostNamed = 1_000

interface Control {
  lease: Lease
  mayGoOn: () => Promise<void>
}

/**
 * Compares the hub's copy with the CRM, row version by row version: enumerates ids and marks, names what differs, heals
 * it when asked, and sweeps deletes only when the enumeration was complete (design invariant 5).
 */
export async function auditTable(context: SyncContext, work: TableWork, run: SyncRun, control: Control): Promise<void> {
  const firstTicket = await drawTicket(context.pool)
  const enumeration = await openEnumeration(context.pool, work.table.id, firstTicket)
  try {
    const startedAt = await enumerate(context, work, enumeration, control)
    const facts = { expected: null, firstTicket, crmStartedAt: startedAt }
    await underLease(context.pool, control.lease, (tx) => noteStart(tx, run.id, facts))
    const most = context.mostDifferences ?? mostDifferences
    const suspects = await enumeration.differences(most + 1)
    const before = await enumeration.counts()
    const ending = { run, lease: control.lease, sight: await sightOf(work) }
    if (suspects.length > most && !isAfterWholePass(run)) {
      return await copyInstead(context, work, { ...ending, found: unhealed(suspects), counts: before })
    }
    const altered = await derivedDifferences(context, work, run, control.lease)
    const found = await healDifferences(context, work, suspects, { ...ending, startedAt, held: before.held })
    // The rest was not looked at.
    if (suspects.length > most) found.deletesVerified = false
    await healDerived(context, work, ending, { altered, found })
    await conclude(context, work, { ...ending, found, counts: await enumeration.counts() })
  } finally {
    await enumeration.close()
  }
}

/** Lists the whole table, or throws: an enumeration that broke off never counts as complete. Answers the CRM's clock at its start. */
async function enumerate(
  { pool }: SyncContext,
  { table, connector, session, scope, target }: TableWork,
  enumeration: Enumeration,
  control: Control,
): Promise<Date | null> {
  let startedAt: Date | null = null
  const guard = createLinkGuard(table.entity)
  for (let link: string | null = connector.firstMarkLink(scope); link !== null; ) {
    await control.mayGoOn()
    guard(link)
    const page = await connector.readMarks(session, scope, link, {
      lane: 'incremental',
      pageSize: largestPage,
      signal: control.lease.signal,
    })
    startedAt ??= page.asOf
    const sourceIds = page.entries.map(({ sourceId }) => sourceId)
    const projected = await projectedRows(pool, table, sourceIds)
    const own = page.entries.filter(({ sourceId }) => !projected.has(sourceId))
    await enumeration.add(
      own.map(({ sourceId, mark }) => ({
        id: target.idOf(sourceId),
        sourceId,
        mark,
      })),
    )
    link = page.next
  }
  return startedAt
}

/** What a person asked to be audited is read row by row too: names, numbers and relations must follow from the row's own text. */
async function derivedDifferences(
  { pool }: SyncContext,
  { table, target }: TableWork,
  run: SyncRun,
  { signal }: Lease,
): Promise<Difference[]> {
  if (run.requestedBy === null) return []
  const { differing } = await reindexTable(pool, table, { remake: false, signal })
  return differing.map((sourceId) => ({ id: target.idOf(sourceId), sourceId, kind: 'derived' }))
}

async function healDerived(
  { pool }: SyncContext,
  { table }: TableWork,
  { run, lease }: { run: SyncRun; lease: Lease },
  { altered, found }: { altered: Difference[]; found: Found },
): Promise<void> {
  if (run.requestedBy === null) return
  const named = new Set(found.differences.map(({ sourceId }) => sourceId))
  const more = altered.filter(({ sourceId }) => !named.has(sourceId))
  found.differences.push(...more)
  if (!run.options.repair) return
  await reindexTable(pool, table, { remake: true, signal: lease.signal })
  found.healed += more.length
  found.keysMended = await mendKeys(pool, table)
}

/**
 * What a sweep is trusted under: it asks a person when the filter, or what the CRM shows to the hub's user, is not what it
 * was at the last one.
 */
async function sightOf({ table, connector, session }: TableWork): Promise<string> {
  const { sight } = await connector.identify(session)
  return hash('sha256', JSON.stringify([table.filter, sight])).slice(0, 16)
}

const wholePass = 'too many differences to heal one by one'

/** What still differs then is no work for another whole pass. */
const isAfterWholePass = (run: SyncRun) => run.cause === 'after full'

const unhealed = (differences: Difference[]): Found => ({
  differences,
  healed: 0,
  deletesVerified: false,
  keysMended: 0,
})

interface Ending {
  run: SyncRun
  lease: Lease
  sight: string
  found: Found
  counts: { crm: number; held: number }
}

/** Reading by id costs ten times a page: the table is compared as a whole, and audited again after that. */
async function copyInstead(context: SyncContext, work: TableWork, ending: Ending): Promise<void> {
  const also = async (tx: Transaction) => {
    await requestRun(tx, { tableId: work.table.id, kind: 'full', cause: wholePass })
  }
  await conclude(context, work, ending, { result: { copiedAgain: true }, also })
}

async function conclude(
  { pool, clock }: SyncContext,
  { table }: TableWork,
  { run, lease, found, counts, sight }: Ending,
  more: { result?: Record<string, unknown>; also?: (tx: Transaction) => Promise<void> } = {},
): Promise<void> {
  const now = new Date(clock.now()).toISOString()
  const previous = table.completeness as Completeness | null
  const completeness: Completeness = {
    at: now,
    ...counts,
    parked: await countParked(pool, table.id),
    differences: found.differences.length,
    healed: found.healed,
    deletesVerifiedAt: found.deletesVerified ? now : (previous?.deletesVerifiedAt ?? null),
    sight: found.deletesVerified ? sight : (previous?.sight ?? null),
  }
  await inTransaction(pool, async (tx) => {
    await noteCompleteness(tx, table.id, completeness)
    await finishRun(tx, run.id, {
      ...completeness,
      ...more.result,
      keysMended: found.keysMended,
      named: found.differences.slice(0, mostNamed),
    })
    await more.also?.(tx)
    await proveLease(tx, lease)
  })
}

import { createHash } from 'node:crypto'
import { HubError } from '#core/errors.ts'
import { recordId } from '#core/ids.ts'
import { inTransaction } from '#database/pool.ts'
import { type Lease, proveLease } from '#jobs/lease.ts'
import { type Difference, type Enumeration, openEnumeration } from '#records/enumeration.ts'
import { mendKeys, reindexTable } from '#records/reindex.ts'
import { drawTicket } from '#records/store.ts'
import type { SyncedTable } from '#records/table.ts'
import type { SyncContext, TableWork } from './context.ts'
import { type Found, healDifferences } from './heal.ts'
import { finishRun, noteStart, type SyncRun } from './run.ts'
import { type Completeness, noteCompleteness } from './table-state.ts'
import { largestPage } from './walk.ts'

/** A table with more differences than this is copied again as a whole instead. */
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
    const startedAt = await enumerate(work, enumeration, control)
    await noteStart(context.pool, run.id, { expected: null, firstTicket, crmStartedAt: startedAt })
    const suspects = await enumeration.differences(mostDifferences)
    const before = await enumeration.counts()
    const healing = { run, lease: control.lease, startedAt, scopeKey: scopeKey(work), held: before.held }
    const altered = await derivedDifferences(context, work, run, control.lease)
    const found = await healDifferences(context, work, suspects, healing)
    await healDerived(context, work, { run, lease: control.lease }, { altered, found })
    const after = await enumeration.counts()
    await conclude(context, work, { run, lease: control.lease, found, counts: after })
  } finally {
    await enumeration.close()
  }
}

/** Lists the whole table, or throws: an enumeration that broke off never counts as complete. Answers the CRM's clock at its start. */
async function enumerate(
  { table, connector, session, scope }: TableWork,
  enumeration: Enumeration,
  control: Control,
): Promise<Date | null> {
  let startedAt: Date | null = null
  const seen = new Set<string>()
  for (let link: string | null = connector.firstMarkLink(scope); link !== null; ) {
    await control.mayGoOn()
    if (seen.has(link))
      throw new HubError('crm.body_invalid', 'The list of ids goes round in a circle: a page was offered twice')
    seen.add(link)
    const page = await connector.readMarks(session, scope, link, {
      lane: 'incremental',
      pageSize: largestPage,
      signal: control.lease.signal,
    })
    startedAt ??= page.asOf
    await enumeration.add(
      page.entries.map(({ sourceId, mark }) => ({
        id: idOf(table, sourceId),
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
  { table }: TableWork,
  run: SyncRun,
  { signal }: Lease,
): Promise<Difference[]> {
  if (run.requestedBy === null) return []
  const { differing } = await reindexTable(pool, table, { remake: false, signal })
  return differing.map((sourceId) => ({ id: idOf(table, sourceId), sourceId, kind: 'derived' }))
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

const idOf = ({ crm, organisation, entity }: SyncedTable, sourceId: string) =>
  recordId({ crm, organisation, entity, sourceId })

/** What a sweep is trusted under: it asks a person when the filter or the hub's CRM user changed since the last one. */
function scopeKey({ table }: TableWork): string {
  return createHash('sha256').update(JSON.stringify(table.filter)).digest('hex').slice(0, 16)
}

async function conclude(
  { pool }: SyncContext,
  work: TableWork,
  { run, lease, found, counts }: { run: SyncRun; lease: Lease; found: Found; counts: { crm: number; held: number } },
): Promise<void> {
  const now = new Date().toISOString()
  const parked = await pool.query<{ count: bigint }>('select count(*) from jackfield.parked where table_id = $1', [
    work.table.id,
  ])
  const previous = work.table.completeness as (Completeness & { scopeKey?: string }) | null
  const completeness = {
    at: now,
    ...counts,
    parked: Number(parked.rows[0]!.count),
    differences: found.differences.length,
    healed: found.healed,
    deletesVerifiedAt: found.deletesVerified ? now : (previous?.deletesVerifiedAt ?? null),
    scopeKey: scopeKey(work),
  }
  await inTransaction(pool, async (tx) => {
    await noteCompleteness(tx, work.table.id, completeness)
    await finishRun(tx, run.id, {
      ...completeness,
      keysMended: found.keysMended,
      named: found.differences.slice(0, mostNamed),
    })
    await proveLease(tx, lease)
  })
}

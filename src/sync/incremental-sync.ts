import type { Walk } from '#connectors/connector.ts'
import { inTransaction } from '#database/pool.ts'
import { type Lease, proveLease, underLease } from '#jobs/lease.ts'
import { ownWrites } from '#outbox/own-writes.ts'
import { openTable, type SyncContext, type TableWork } from './context.ts'
import { settleTable } from './hints.ts'
import { requestWholePass } from './initial-sync.ts'
import { dropRun, finishRun, forgetPages, runProgress, type SyncRun } from './run.ts'
import { noteIncrementalPass } from './table-state.ts'
import { type Walked, walkPages } from './walk.ts'

interface Control {
  lease: Lease
  mayGoOn: () => Promise<void>
}

/**
 * What changed since the last pass: the CRM's own list of changes where it keeps one, else the rows modified since, with
 * a window re-read for those that arrive late. Begins again from the same place after any failure.
 */
export async function readChanges(
  context: SyncContext,
  work: TableWork,
  run: SyncRun,
  control: Control,
): Promise<void> {
  const { table } = work
  const begunAt = await underLease(context.pool, control.lease, async (tx) => {
    await forgetPages(tx, run.id)
    const { rows } = await tx.query<{ at: Date }>('select clock_timestamp() as at')
    return rows[0]!.at
  })
  const walks: Walked[] = []
  const since = windowStart(work)
  // A delta link is stamped when the first copy ends: rows changed while it ran are found by their modification time.
  if (since)
    walks.push(
      await walk(context, await wholeTable(context, work), { kind: 'since', since }, { ...control, run, number: 1 }),
    )
  if (table.deltaLink) {
    const number = 1 + (walks[0]?.pages ?? 0)
    walks.push(await walk(context, work, { kind: 'delta', link: table.deltaLink }, { ...control, run, number }))
  }
  await settleTable(context, work, control.lease)
  const progress = (await runProgress(context.pool, [run.id])).get(run.id)
  const reached = {
    tableId: table.id,
    ruleVersion: table.ruleVersion,
    delta: table.deltaLink ? (walks.at(-1)?.delta ?? table.deltaLink) : null,
    since: nextSince(work, walks[0]),
  }
  await inTransaction(context.pool, async (tx) => {
    await noteIncrementalPass(tx, reached, begunAt)
    if (reached.delta === null && reached.since === null) await requestWholePass(tx, table.id)
    await finishRun(tx, run.id, { ...progress })
    if (!walks.some(({ records, deleted }) => records > 0 || deleted > 0)) await dropRun(tx, run.id)
    await proveLease(tx, control.lease)
  })
}

function windowStart({ table, connector }: TableWork): Date | null {
  if (table.readSince === null) return null
  return new Date(table.readSince.getTime() - connector.manifest.lateArrivalSeconds * 1000)
}

function nextSince({ table }: TableWork, windowWalk: Walked | undefined): Date | null {
  // With a delta link the window is read once, after the first copy.
  if (table.deltaLink) return null
  return windowWalk?.asOf ?? table.readSince
}

/** Without the filter: a row that left it must be seen to leave. */
async function wholeTable(context: SyncContext, work: TableWork): Promise<TableWork> {
  if (work.scope.filter === null) return work
  return { ...(await openTable(context, work.table)), scope: { ...work.scope, filter: null } }
}

function walk(
  context: SyncContext,
  work: TableWork,
  kind: Walk,
  { run, number, mayGoOn, lease }: Control & { run: SyncRun; number: number },
): Promise<Walked> {
  return walkPages(
    context,
    work,
    {
      walk: kind,
      link: kind.kind === 'delta' ? kind.link : work.connector.firstLink(work.scope, kind),
      number,
      lane: 'incremental',
      runId: run.id,
      options: { cause: 'sync', ownWrites },
      mayGoOn,
    },
    lease,
  )
}

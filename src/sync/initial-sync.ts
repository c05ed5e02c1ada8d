import { hash } from 'node:crypto'
import type { Walk } from '#connectors/connector.ts'
import { inTransaction, type Queryable, type Transaction } from '#database/pool.ts'
import { type Lease, proveLease, underLease } from '#jobs/lease.ts'
import { ownWrites } from '#outbox/own-writes.ts'
import { askedColumns } from '#records/gone-columns.ts'
import { drawTicket } from '#records/store.ts'
import type { SyncedTable } from '#records/table.ts'
import type { SyncContext, TableWork } from './context.ts'
import { settleTable } from './hints.ts'
import { checkpoint, finishRun, forgetPages, noteStart, requestRun, runProgress, type SyncRun } from './run.ts'
import { noteFirstPass, skipPass } from './table-state.ts'
import { walkPages } from './walk.ts'

/** A next link goes on asking what its first page asked: other columns or another filter need another first page. */
const askedFor = ({ source, columns, filter }: SyncedTable, { kind }: Walk) =>
  hash(
    'sha256',
    JSON.stringify([kind, source.setName, askedColumns({ source, columns }), filter, ...own(source)]),
  ).slice(0, 16)

const own = ({ request }: SyncedTable['source']) => (request === undefined ? [] : [request])

/** Asks for a pass over the whole table, where nothing tells what changed since the last one. */
export async function requestWholePass(db: Queryable, tableId: number): Promise<void> {
  await requestRun(db, { tableId, kind: 'full', cause: 'nothing tells what changed since the last pass' })
}

/** Every row of a table, from the run's checkpoint on: the first copy, or a full comparison with what is held. */
export async function copyTable(
  context: SyncContext,
  work: TableWork,
  run: SyncRun,
  control: { lease: Lease; mayGoOn: () => Promise<void> },
): Promise<void> {
  const { pool } = context
  const walk: Walk = work.table.source.changeTracking ? { kind: 'tracked' } : { kind: 'query' }
  const asked = askedFor(work.table, walk)
  let reached = await checkpoint(pool, run.id)
  const anew = reached !== null && run.options.asked !== asked
  if (anew) {
    // Nobody goes on with it; what becomes of telling so holds up nothing.
    if (reached?.next) void leaveWalk(context, work, reached.next)
    await underLease(pool, control.lease, (tx) => beginAnew(tx, work.table.id, run.id))
    reached = null
  }
  let delta = reached?.delta ?? null
  let startedAt = run.crmStartedAt
  if (!reached || reached.next !== null) {
    let expected: number | null = null
    if (!reached) {
      expected = await work.connector.estimate(work.session, work.scope).catch(() => null)
      const facts = { expected, firstTicket: await drawTicket(pool), crmStartedAt: null, asked }
      await underLease(pool, control.lease, (tx) => noteStart(tx, run.id, facts))
    }
    const walked = await walkPages(
      context,
      work,
      {
        walk,
        link: reached?.next ?? work.connector.firstLink(work.scope, walk, expected),
        number: reached ? reached.number + 1 : 1,
        lane: 'initial',
        runId: run.id,
        options: { cause: 'sync', ownWrites, expectNew: run.kind === 'initial' && !anew ? 'all' : undefined },
        mayGoOn: control.mayGoOn,
        onFirst: async (page) => {
          startedAt ??= page.asOf
          const facts = { expected: null, firstTicket: 0n, crmStartedAt: startedAt }
          await underLease(pool, control.lease, (tx) => noteStart(tx, run.id, facts))
        },
      },
      control.lease,
    )
    delta = walked.delta
  }
  await settleTable(context, work, control.lease)
  const progress = (await runProgress(pool, [run.id])).get(run.id)
  await inTransaction(pool, async (tx) => {
    const { id: tableId, ruleVersion } = work.table
    await noteFirstPass(tx, { tableId, ruleVersion, delta, since: startedAt })
    await forgetUnmet(tx, tableId, run.id)
    await finishRun(tx, run.id, { ...progress })
    // Where nothing can be asked for what changed since, this was the pass.
    if (delta !== null || startedAt !== null)
      await requestRun(tx, { tableId, kind: 'incremental', cause: `after ${run.kind}` })
    else await skipPass(tx, tableId)
    // What was deleted while the copy ran was never listed: enumerated ids show it.
    await requestRun(tx, {
      tableId,
      kind: 'audit',
      cause: `after ${run.kind}`,
      options: { repair: true },
    })
    await proveLease(tx, control.lease)
  })
}

/** Parked rows without an id are known by their text alone: what a whole reading did not meet is gone, or reads otherwise now. */
async function forgetUnmet(db: Queryable, tableId: number, runId: string): Promise<void> {
  await db.query(
    `delete from jackfield.parked where table_id = $1 and source_id is null
      and last_seen_at < (select started_at from jackfield.sync_run where id = $2)`,
    [tableId, runId],
  )
}

async function leaveWalk({ log }: SyncContext, { connector, session }: TableWork, link: string): Promise<void> {
  try {
    await connector.leaveWalk?.(session, link, { mayGoOn: false })
  } catch (error) {
    log.info('a walk was not left', { link, error: String(error) })
  }
}

/** The question changed: what was read so far is read again, and parked again where it has to be. */
async function beginAnew(tx: Transaction, tableId: number, runId: string): Promise<void> {
  await forgetPages(tx, runId)
  await tx.query('delete from jackfield.parked where table_id = $1 and source_id is null', [tableId])
}

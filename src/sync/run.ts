import { HubError, isHubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'
import { skipPass } from './table-state.ts'

/**
 * `initial`: the first copy. `incremental`: what changed since. `full`: every row fetched and compared again. `audit`:
 * ids and versions enumerated and compared, deletes swept.
 */
export type RunKind = 'initial' | 'incremental' | 'full' | 'audit'
export type RunState = 'waiting' | 'running' | 'paused' | 'cancelled' | 'done' | 'failed'

/** From → to. What ended is never taken up again, but for a failed one that a person or the schedule resumes. */
export const runTransitions: Record<RunState, readonly RunState[]> = {
  waiting: ['running', 'paused', 'cancelled'],
  running: ['waiting', 'paused', 'cancelled', 'done', 'failed'],
  paused: ['waiting', 'cancelled'],
  failed: ['waiting', 'cancelled'],
  cancelled: [],
  done: [],
}

export interface Problem {
  code: string
  message: string
  mend?: string
  /** Number of the page that failed. */
  page?: number
  at: string
}

export interface SyncRun {
  id: string
  tableId: number
  kind: RunKind
  state: RunState
  cause: string
  requestedBy: string | null
  options: RunOptions
  expected: bigint | null
  firstTicket: bigint | null
  crmStartedAt: Date | null
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  notBefore: Date
  attempts: number
  problem: Problem | null
  result: Record<string, unknown> | null
}

export interface RunOptions {
  /** audit: heal what differs. */
  repair?: boolean
  /** audit: a person allows more deletes than the limits of a sweep. */
  approved?: boolean
  /** cancelled, failed: when the CRM was told that nobody goes on with its walk; seconds, as the run's end was then. */
  left?: number
  /** initial, full: stands for what the pages were asked for; a walk that asks otherwise begins anew. */
  asked?: string
}

/** As a `SyncRun` has them. */
export const runColumns = `id, table_id as "tableId", kind, state, cause, requested_by as "requestedBy", options, expected,
  first_ticket as "firstTicket", crm_started_at as "crmStartedAt", created_at as "createdAt", started_at as "startedAt",
  finished_at as "finishedAt", not_before as "notBefore", attempts, problem, result`

export interface RunRequest {
  tableId: number
  kind: RunKind
  cause: string
  requestedBy?: string
  options?: RunOptions
}

// A person who asks for what has begun already asks for what happens from now on; a walk over everything is joined.
const JOINABLE = `(state in ('waiting', 'paused') or (state = 'running' and ($4::text is null or kind in ('initial', 'full'))))`

/**
 * Asks for a run. An open one of the same kind that does all of it is joined instead: it is then the person's too, and
 * stays to be asked about.
 */
export async function requestRun(db: Queryable, request: RunRequest): Promise<SyncRun> {
  const { tableId, kind, cause, requestedBy = null, options = {} } = request
  const joined = await db.query<SyncRun>({
    name: 'run-join',
    text: `update jackfield.sync_run set requested_by = coalesce(requested_by, $4)
      where ${JOINABLE} and id = (select id from jackfield.sync_run
        where table_id = $1 and kind = $2 and options @> $3 and ${JOINABLE} order by created_at limit 1)
      returning ${runColumns}`,
    values: [tableId, kind, options, requestedBy],
  })
  if (joined.rows[0]) return joined.rows[0]
  const { rows } = await db.query<SyncRun>({
    name: 'run-request',
    text: `insert into jackfield.sync_run(id, table_id, kind, state, cause, requested_by, options)
      values ($1, $2, $3, 'waiting', $4, $5, $6) returning ${runColumns}`,
    values: [uuidv7(), tableId, kind, cause, requestedBy, options],
  })
  return rows[0]!
}

/** A pass that read nothing and that nobody asked for leaves no trace but its time. */
export async function dropRun(tx: Transaction, id: string): Promise<void> {
  await tx.query('delete from jackfield.sync_run where id = $1 and requested_by is null', [id])
}

export async function findRun(db: Queryable, id: string): Promise<SyncRun> {
  const { rows } = await db.query<SyncRun>({
    name: 'run-find',
    text: `select ${runColumns} from jackfield.sync_run where id = $1`,
    values: [id],
  })
  if (!rows[0]) throw new HubError('resource.not_found', 'There is no such sync run')
  return rows[0]
}

/** The next run to work on; the caller holds the table's lease, so a 'running' one was left by a dead worker. */
export async function nextRun(db: Queryable, tableId: number): Promise<SyncRun | null> {
  const { rows } = await db.query<SyncRun>({
    name: 'run-next',
    text: `select ${runColumns} from jackfield.sync_run
      where table_id = $1 and state in ('waiting', 'running') and not_before <= now() order by created_at, id limit 1`,
    values: [tableId],
  })
  return rows[0] ?? null
}

interface AlsoSet {
  sql: string
  values?: unknown[]
}

/** `set`: what else changes, from $4 on. */
async function move(db: Queryable, id: string, to: RunState, set: AlsoSet = { sql: '' }): Promise<SyncRun> {
  const from = (Object.keys(runTransitions) as RunState[]).filter((state) => runTransitions[state].includes(to))
  const { rows } = await db.query<SyncRun>(
    `update jackfield.sync_run set state = $2${set.sql} where id = $1 and (state = any($3) or state = $2) returning ${runColumns}`,
    [id, to, from, ...(set.values ?? [])],
  )
  if (rows[0]) return rows[0]
  const run = await findRun(db, id)
  throw new HubError('sync.running', `A run that is ${run.state} cannot become ${to}`, {
    mend: 'Look at the run again; its state has changed',
  })
}

export const startRun = (db: Queryable, id: string) =>
  move(db, id, 'running', { sql: ', started_at = coalesce(started_at, now()), problem = null' })
export const pauseRun = (db: Queryable, id: string) => move(db, id, 'paused')
export const resumeRun = (db: Queryable, id: string) =>
  move(db, id, 'waiting', { sql: ', not_before = now(), attempts = 0, finished_at = null' })
export const finishRun = (db: Queryable, id: string, result: Record<string, unknown>) =>
  move(db, id, 'done', { sql: ', finished_at = now(), problem = null, result = $4', values: [result] })

/** Its place in the schedule is left out too, else the table would begin again at once. */
export function cancelRun(pool: Pool, id: string): Promise<SyncRun> {
  // At once: between the two a worker would find the pass due, and begin it anew.
  return inTransaction(pool, async (tx) => {
    const run = await move(tx, id, 'cancelled', { sql: ', finished_at = now()' })
    if (run.kind !== 'audit') await skipPass(tx, run.tableId)
    return run
  })
}

/** Left where it is, to go on when its table is switched on again. */
export const layAside = (db: Queryable, id: string) => move(db, id, 'waiting')

/** Tried again by itself after a growing pause. */
export const postponeRun = (db: Queryable, id: string, problem: Problem, seconds: number) =>
  move(db, id, 'waiting', {
    sql: ', attempts = attempts + 1, problem = $4, not_before = now() + make_interval(secs => $5)',
    values: [problem, seconds],
  })

/** Stopped with its reason; the checkpoint stays. */
export const failRun = (db: Queryable, id: string, problem: Problem, result: Record<string, unknown> | null = null) =>
  move(db, id, 'failed', { sql: ', finished_at = now(), problem = $4, result = $5', values: [problem, result] })

/** Passes of the last day that failed since the CRM had forgotten where the one before ended. */
export async function countExpired(db: Queryable, tableId: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from jackfield.sync_run where table_id = $1 and kind = 'incremental' and state = 'failed'
      and problem->>'code' = 'crm.delta_expired' and finished_at > now() - interval '1 day'`,
    [tableId],
  )
  return rows[0]!.count
}

/** Facts learned when the walk began. */
export async function noteStart(
  db: Queryable,
  id: string,
  facts: { expected: number | null; firstTicket: bigint; crmStartedAt: Date | null; asked?: string },
): Promise<void> {
  await db.query(
    `update jackfield.sync_run set expected = coalesce(expected, $2), first_ticket = coalesce(first_ticket, $3),
      crm_started_at = coalesce(crm_started_at, $4), options = options || $5::jsonb where id = $1`,
    [id, facts.expected, facts.firstTicket, facts.crmStartedAt, facts.asked ? { asked: facts.asked } : {}],
  )
}

export interface StoredPage {
  number: number
  link: string
  next: string | null
  /** On the last page of a tracked walk. */
  delta: string | null
  records: number
  written: number
  parked: number
  outOfScope: number
  bytes: number
}

/** In the transaction that stored the page's records: both or neither. */
export async function recordPage(tx: Transaction, runId: string, page: StoredPage): Promise<void> {
  await tx.query({
    name: 'page-record',
    text: `insert into jackfield.sync_page(run_id, number, link, next, delta, records, written, parked, out_of_scope, bytes)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict (run_id, number) do update set link = $3, next = $4, delta = $5, records = $6, written = $7, parked = $8,
        out_of_scope = $9, bytes = $10, stored_at = clock_timestamp()`,
    values: [
      runId,
      page.number,
      page.link,
      page.next,
      page.delta,
      page.records,
      page.written,
      page.parked,
      page.outOfScope,
      page.bytes,
    ],
  })
}

export interface Checkpoint {
  number: number
  next: string | null
  delta: string | null
}

/** The last page before the first gap: everything up to it is stored. Null when none is. */
export async function checkpoint(db: Queryable, runId: string): Promise<Checkpoint | null> {
  const { rows } = await db.query<Checkpoint>(
    `select number, next, delta from (select number, next, delta, row_number() over (order by number) as place
        from jackfield.sync_page where run_id = $1) page
      where number = place order by number desc limit 1`,
    [runId],
  )
  return rows[0] ?? null
}

/** The walk begins again at its first page; what is stored stays stored. */
export async function forgetPages(db: Queryable, runId: string): Promise<void> {
  await db.query('delete from jackfield.sync_page where run_id = $1', [runId])
}

export interface Progress {
  pages: number
  records: number
  written: number
  parked: number
  outOfScope: number
  bytes: number
  /** Records a second over the last ten seconds of the run. */
  rate: number
  lastPageAt: Date | null
}

/** What a run has done so far, summed from its pages. */
export async function runProgress(db: Queryable, runIds: readonly string[]): Promise<Map<string, Progress>> {
  const { rows } = await db.query<Progress & { id: string }>({
    name: 'run-progress',
    text: `select run_id as id, count(*)::int as pages, sum(records)::int as records, sum(written)::int as written,
        sum(parked)::int as parked, sum(out_of_scope)::int as "outOfScope", sum(bytes)::float8 as bytes, max(stored_at) as "lastPageAt",
        coalesce(sum(records) filter (where stored_at > last - interval '10 seconds')
          / greatest(extract(epoch from last - greatest(min(stored_at), last - interval '10 seconds')), 0.5), 0)::float8 as rate
      from (select *, max(stored_at) over (partition by run_id) as last from jackfield.sync_page where run_id = any($1::uuid[])) page
      group by run_id, last`,
    values: [runIds],
  })
  return new Map(rows.map(({ id, ...progress }) => [id, progress]))
}

export function problemOf(error: unknown, page?: number): Problem {
  const at = new Date().toISOString()
  const known = isHubError(error)
  return {
    code: known ? error.code : 'internal',
    message: error instanceof Error ? error.message : String(error),
    ...(known && error.detail.mend ? { mend: error.detail.mend } : {}),
    ...(page === undefined ? {} : { page }),
    at,
  }
}

/** Old runs that nobody will ask about: the newest of each table stay. */
export async function purgeRuns(pool: Pool, keepPerTable: number): Promise<void> {
  await pool.query(
    `delete from jackfield.sync_run where id in (select id from (
        select id, state, row_number() over (partition by table_id order by created_at desc) as place from jackfield.sync_run) run
      where place > $1 and state in ('done', 'cancelled'))`,
    [keepPerTable],
  )
}

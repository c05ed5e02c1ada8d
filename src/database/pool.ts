import pg from 'pg'
import { HubError } from '#core/errors.ts'

export type Pool = pg.Pool
/** A pool or one of its clients: whatever runs a query. */
export type Queryable = Pick<pg.Pool, 'query'>
export type Transaction = pg.PoolClient

// bigint columns (marks, ids, counts) stay exact: JavaScript numbers end at 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text))
// 1016 is int8[]: the marks.
pg.types.setTypeParser(1016 as number, (text) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(BigInt)))

export interface PoolOptions {
  url: string
  max: number
  name: string
  /**
   * Ends a transaction whose process sleeps or died while holding locks, so that a taker-over of its work does not wait
   * for it. Milliseconds.
   */
  idleInTransactionMs?: number
  statementMs?: number
  /**
   * How long whoever asks waits for an answer. A database that is frozen, or behind a network that swallows everything,
   * ends no statement by itself. Absent: for ever. Milliseconds.
   */
  answerMs?: number
  /**
   * Plans each named statement once, whatever its values, and by an index: halves the time of a look-up by number, whose
   * best plan is always the same. While a first copy fills the tables, what Postgres knows of them is minutes old, and
   * lets it think of reading them whole. For statements whose best plan hangs on their values it would be wrong.
   */
  indexPlans?: boolean
  /**
   * Commits wait for no disk: a hub that is killed loses none, a machine that stops loses its last 0.6 s (three times
   * wal_writer_delay). Whatever is committed behind them otherwise makes them durable with it. For the audit log alone.
   */
  quickCommits?: boolean
}

const indexPlans = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
]
const quickCommits = ['synchronous_commit=off']

/** As a connection's options give them to its session. */
function settingsOf(options: PoolOptions): { options?: string } {
  const settings = [...(options.indexPlans ? indexPlans : []), ...(options.quickCommits ? quickCommits : [])]
  return settings.length === 0 ? {} : { options: settings.map((setting) => `-c ${setting}`).join(' ') }
}

export function createPool(options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: `jackfield ${options.name}`,
    connectionTimeoutMillis: Math.min(10_000, options.answerMs ?? 10_000),
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // The system's own two hours would keep work waiting for a machine that is gone.
    keepAliveInitialDelayMillis: 10_000,
    ...(options.answerMs === undefined ? {} : { query_timeout: options.answerMs }),
    idle_in_transaction_session_timeout: options.idleInTransactionMs ?? 5_000,
    statement_timeout: options.statementMs ?? 60_000,
    ...settingsOf(options),
  })
  // An idle client that loses its server raises 'error' on the pool; the next query says it to the caller who can act.
  pool.on('error', () => undefined)
  return pool
}

/**
 * Runs `work` in one transaction: committed when it returns, rolled back when it throws. `waitsForDisk` false: everybody
 * sees it then, and a machine that stops may still forget it, until `reachDisk` or any commit after it has returned.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (tx: Transaction) => Promise<T>,
  { waitsForDisk = true } = {},
): Promise<T> {
  const client = await pool.connect()
  // A connection that the server ends in mid-transaction raises 'error' here; unheard it would end the process.
  const lost = () => undefined
  client.on('error', lost)
  let broken: Error | undefined
  try {
    await client.query(waitsForDisk ? 'begin' : 'begin; set local synchronous_commit = off')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // Where no answer came, none would come to a rollback.
    broken = noAnswer(error)
      ? (error as Error)
      : await client.query('rollback').then(
          () => undefined,
          (failed: Error) => failed,
        )
    throw error
  } finally {
    client.off('error', lost)
    client.release(broken)
  }
}

/** What was committed before, by whomever, is on the disk when this returns: the log of Postgres is in order. */
export async function reachDisk(db: Queryable): Promise<void> {
  // A commit waits for the disk only where it has something to write.
  await db.query({ name: 'reach-disk', text: `select pg_logical_emit_message(true, 'jackfield', '')` })
}

const noAnswer = (error: unknown) => error instanceof Error && error.message === 'Query read timeout'

const unavailableStates = new Set([
  '53100',
  '53200',
  '53300',
  '53400',
  '57P01',
  '57P02',
  '57P03',
  '58030',
  '25006',
  '57P05',
  '25P03',
])

/** True where the database could not serve just now (stopped, starting, full disk, no connection), so that asking again may help. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof HubError) return error.code === 'database.unavailable'
  if (!(error instanceof Error)) return false
  const code = (error as { code?: unknown }).code
  if (typeof code === 'string') {
    if ((code.startsWith('08') && code !== '08P01') || unavailableStates.has(code)) return true
    if (/^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOST)/.test(code)) return true
  }
  return /Query read timeout|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  )
}

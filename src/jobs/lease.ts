import { HubError } from '#core/errors.ts'
import { inTransaction, isDatabaseUnavailable, type Pool, type Queryable, type Transaction } from '#database/pool.ts'

/** A dead holder's work is taken over this long after its last renewal, plus one look of the next worker. */
const leaseSeconds = 8
const renewEveryMs = 2_000

/** Who works: one thread of a process. */
export interface Worker {
  id: string
  /** Shown to people: host and process number. */
  label: string
}

/**
 * The right to do one named piece of work, until it is lost. The epoch grows by one with each holder: a transaction
 * that proves its epoch by `proveLease` commits only while its process still holds the lease.
 */
export interface Lease {
  readonly name: string
  readonly epoch: bigint
  /** Aborted when the lease is lost or given up. */
  readonly signal: AbortSignal
}

const TAKE = {
  name: 'lease-take',
  text: `insert into jackfield.lease as l (name, owner, holder, epoch, until)
    values ($1, $2, $3, 1, clock_timestamp() + make_interval(secs => $4))
    on conflict (name) do update set owner = $2, holder = $3, epoch = l.epoch + 1,
      until = clock_timestamp() + make_interval(secs => $4)
    where l.until < clock_timestamp()
    returning epoch`,
}
// Not one that was given up: a renewal that was late would hold it for nobody.
const RENEW = {
  name: 'lease-renew',
  text: `update jackfield.lease set until = clock_timestamp() + make_interval(secs => $4)
    where name = $1 and owner = $2 and epoch = $3 and until > '-infinity'`,
}
const GIVE_UP = {
  name: 'lease-give-up',
  text: `update jackfield.lease set until = '-infinity' where name = $1 and owner = $2 and epoch = $3`,
}
// A share lock: many transactions of the holder may hold it at once, and a taker-over waits for the last of them.
const PROVE = { name: 'lease-prove', text: 'select 1 from jackfield.lease where name = $1 and epoch = $2 for share' }

/** The leases that some process holds, of the names that begin so. */
export async function heldLeases(db: Queryable, prefix: string): Promise<Set<string>> {
  const { rows } = await db.query<{ name: string }>({
    name: 'leases-held',
    text: 'select name from jackfield.lease where starts_with(name, $1) and until > clock_timestamp()',
    values: [prefix],
  })
  return new Set(rows.map(({ name }) => name))
}

/** Runs `work` while this process holds the lease; null when another holds it. */
export async function withLease<T>(
  pool: Pool,
  name: string,
  worker: Worker,
  work: (lease: Lease) => Promise<T>,
): Promise<T | null> {
  const taken = await pool.query<{ epoch: bigint }>({ ...TAKE, values: [name, worker.id, worker.label, leaseSeconds] })
  const epoch = taken.rows[0]?.epoch
  if (epoch === undefined) return null
  const lost = new AbortController()
  const renewal = keepRenewed(pool, { name, epoch, worker }, lost)
  try {
    return await work({ name, epoch, signal: lost.signal })
  } finally {
    clearInterval(renewal)
    lost.abort(new HubError('job.lease_lost', `The work '${name}' has ended`))
    await pool.query({ ...GIVE_UP, values: [name, worker.id, epoch] }).catch(() => undefined)
  }
}

function keepRenewed(
  pool: Pool,
  held: { name: string; epoch: bigint; worker: Worker },
  lost: AbortController,
): NodeJS.Timeout {
  let renewedAt = performance.now()
  let asking = false
  const lose = () => lost.abort(new HubError('job.lease_lost', `Another worker took over '${held.name}'`))
  return setInterval(() => {
    if (performance.now() - renewedAt > leaseSeconds * 1000) return lose()
    if (asking) return
    asking = true
    const began = performance.now()
    pool
      .query({ ...RENEW, values: [held.name, held.worker.id, held.epoch, leaseSeconds] })
      .then(
        ({ rowCount }) => {
          if (rowCount === 1) renewedAt = began
          else lose()
        },
        (error: unknown) => {
          if (!isDatabaseUnavailable(error)) lose()
        },
      )
      .finally(() => {
        asking = false
      })
  }, renewEveryMs)
}

/** The last statement of a transaction done under a lease: throws job.lease_lost, so that who lost it commits nothing. */
export async function proveLease(tx: Transaction, lease: Pick<Lease, 'name' | 'epoch'>): Promise<void> {
  const { rowCount } = await tx.query({ ...PROVE, values: [lease.name, lease.epoch] })
  if (rowCount !== 1) throw new HubError('job.lease_lost', `Another worker took over '${lease.name}'`)
}

/** One transaction of work done under a lease: it commits only while the lease is held. */
export function underLease<T>(
  pool: Pool,
  lease: Pick<Lease, 'name' | 'epoch'>,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (tx) => {
    const result = await work(tx)
    await proveLease(tx, lease)
    return result
  })
}

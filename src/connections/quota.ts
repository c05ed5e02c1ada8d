import type { Lane } from '#connectors/call.ts'
import type { Connector, Manifest, QuotaReading } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import { isDatabaseUnavailable, type Pool, type Queryable } from '#database/pool.ts'
import { createWaitingList } from './quota-waiting.ts'
import type { Waiting } from './token.ts'

/** A bucket of calls shared by all processes. */
export interface Bucket {
  capacity: number
  /** Calls a second. */
  refill: number
}

/** The calls that a connection's CRM allows, before its replies tell otherwise. */
export const quotaFor = (
  { manifest, quotaOf }: Pick<Connector, 'manifest' | 'quotaOf'>,
  settings: Readonly<Record<string, unknown>>,
): Manifest['quota'] => quotaOf?.(settings) ?? manifest.quota

// Of a bucket that held less, the reserves would leave the slower lanes no whole call.
const leastCapacity = 1.5

/**
 * The vendor counts over a sliding window, and a full bucket may be spent at once: a quarter of the window's calls in
 * the bucket and three quarters trickling in never exceed it.
 */
export function bucketFor({ calls, seconds }: Manifest['quota']): Bucket {
  const capacity = Math.max(calls / 4, leastCapacity)
  return { capacity, refill: (calls - capacity) / seconds }
}

/** The part of the bucket that a lane leaves for the more urgent ones. */
export const laneReserve: Record<Lane, number> = { ring: 0, person: 0.05, incremental: 0.15, initial: 0.3 }

// Available is computed and taken in one statement under the row's lock, so that no two processes take the same call.
// Its commit alone does not wait for the disk, which would stand between any two pages: a Postgres that dies forgets the
// calls of its last moment, nothing else.
const DRAW = {
  name: 'quota-draw',
  text: `update jackfield.quota q set tokens = s.available - s.granted, refilled_at = s.at, calls = q.calls + s.granted
    from (
      select authentication_id, at, available, blocked_ms,
        case when blocked_ms <= 0 and available - $4 >= 1 then 1 else 0 end as granted
      from (
        select authentication_id, t.at,
          least($2, tokens + $3 * greatest(extract(epoch from t.at - refilled_at)::float8, 0)) as available,
          case when blocked_until > t.at then extract(epoch from blocked_until - t.at)::float8 * 1000 else 0 end
            as blocked_ms
        from jackfield.quota, clock_timestamp() as t(at) where authentication_id = $1 for update of quota) locked) s
    where q.authentication_id = s.authentication_id
    returning s.granted = 1 as granted,
      greatest(s.blocked_ms, ($4 + 1 - s.available) / $3 * 1000)::float8 as "waitMs",
      set_config('synchronous_commit', 'off', true)`,
}

/**
 * Of the calls that the CRM says are left, the part that a lane leaves for the more urgent ones: a sync ends a fifth
 * before the limit of its day, so that a look-up or a write never finds nothing left.
 */
export const toldReserve: Record<Lane, number> = { ring: 0, person: 0.02, incremental: 0.1, initial: 0.2 }

/** What is used up is looked at again by one call after this: the day rolls, and calls of yesterday fall out of it. */
const lookAgainSeconds = 900

/** So long others wait for what the call that looks brings; where it brings nothing, another one looks then. */
const lookAnswersSeconds = 10

// Where the CRM's own replies tell what is left: the call is counted at once, since its reply comes later than the next
// call's question. A limit that is reached is looked at again by one call of any lane.
const DRAW_TOLD = {
  name: 'quota-draw-told',
  text: `update jackfield.quota q set calls = q.calls + s.granted, told_used = q.told_used + s.granted,
      told_at = case when s.looks and s.granted = 1 then s.at - make_interval(secs => $3 - $4) else q.told_at end
    from (
      select authentication_id, at, blocked_ms, stale and not free as looks, look_ms, free,
        case when blocked_ms <= 0 and (free or stale) then 1 else 0 end as granted
      from (
        select authentication_id, t.at,
          told_limit is null or told_limit - told_used > greatest(ceil(told_limit * $2::float8), 0) as free,
          told_at <= t.at - make_interval(secs => $3) as stale,
          extract(epoch from told_at + make_interval(secs => $3) - t.at)::float8 * 1000 as look_ms,
          case when blocked_until > t.at then extract(epoch from blocked_until - t.at)::float8 * 1000 else 0 end
            as blocked_ms
        from jackfield.quota, clock_timestamp() as t(at) where authentication_id = $1 for update of quota) locked) s
    where q.authentication_id = s.authentication_id
    returning s.granted = 1 as granted,
      (case when s.free then s.blocked_ms else greatest(s.blocked_ms, s.look_ms, 1000) end)::float8 as "waitMs",
      set_config('synchronous_commit', 'off', true)`,
}

/** How a call is measured: against a bucket that the hub fills, or against what the CRM's replies tell. */
export type Measure = { bucket: Bucket } | { told: true }

/** What the CRM tells of its count. */
type Told = Exclude<QuotaReading, { until: number }>

export interface Quota {
  /** Waits until this call may go; throws crm.throttled when that would be after its deadline. */
  admit(authenticationId: string, call: { lane: Lane } & Measure & Waiting): Promise<void>
  /** What a reply told of the quota; `assumed` is its limit where none was ever told. */
  note(authenticationId: string, reading: Told, assumed: number): Promise<void>
  /** The vendor asked everybody to wait for so long. */
  block(authenticationId: string, forMs: number): Promise<void>
}

export function createQuota(pool: Pool, clock: Clock): Quota {
  const waitingList = createWaitingList(pool, clock)
  return {
    async admit(authenticationId, { deadline, signal, ...call }) {
      const wait = waitingList.begin(authenticationId, call.lane)
      try {
        for (;;) {
          const drawn = await draw(pool, authenticationId, call)
          if (drawn.granted) return
          // A little later than reckoned, else the wait may end a moment too early.
          const waitMs = drawn.waitMs + 5
          if (clock.monotonic() + waitMs > deadline) throw throttled(clock, drawn.waitMs)
          wait.until(clock.now() + waitMs)
          await clock.sleep(Math.min(waitMs, longestWaitMs), signal)
        }
      } finally {
        wait.end()
      }
    },
    async note(authenticationId, reading, assumed) {
      const { used, limit } = reading === 'used up' ? { used: null, limit: null } : reading
      await pool.query({
        name: 'quota-note',
        text: `update jackfield.quota set told_used = coalesce($2, told_limit, $4), told_limit = coalesce($3, told_limit, $4),
            told_at = clock_timestamp() where authentication_id = $1 returning set_config('synchronous_commit', 'off', true)`,
        values: [authenticationId, used, limit, assumed],
      })
    },
    async block(authenticationId, forMs) {
      await pool.query({
        name: 'quota-block',
        text: `update jackfield.quota set
          blocked_until = greatest(blocked_until, clock_timestamp() + make_interval(secs => $2)) where authentication_id = $1`,
        values: [authenticationId, forMs / 1000],
      })
    },
  }
}

// A longer wait looks again in between: the block may have been extended, or the bucket filled for a changed quota.
const longestWaitMs = 2_000

async function draw(
  db: Queryable,
  authenticationId: string,
  call: { lane: Lane } & Measure,
): Promise<{ granted: boolean; waitMs: number }> {
  const { capacity, refill } = 'bucket' in call ? call.bucket : { capacity: 0, refill: 0 }
  const drawing =
    'bucket' in call
      ? { ...DRAW, values: [authenticationId, capacity, refill, capacity * laneReserve[call.lane]] }
      : { ...DRAW_TOLD, values: [authenticationId, toldReserve[call.lane], lookAgainSeconds, lookAnswersSeconds] }
  try {
    for (;;) {
      const { rows } = await db.query<{ granted: boolean; waitMs: number }>(drawing)
      if (rows[0]) return rows[0]
      await db.query({ ...BEGIN, values: [authenticationId, capacity] })
    }
  } catch (error) {
    // Thrown inside a call, either would pass for a fault of the network to the CRM.
    if ((error as { code?: unknown } | null)?.code === foreignKeyViolation) {
      throw new HubError('resource.not_found', 'The account that calls was unlinked or removed', { sent: false })
    }
    if (!isDatabaseUnavailable(error)) throw error
    throw new HubError('database.unavailable', 'The quota of calls cannot be read', { sent: false, cause: error })
  }
}
const foreignKeyViolation = '23503'
const BEGIN = {
  name: 'quota-begin',
  text: 'insert into jackfield.quota (authentication_id, tokens) values ($1, $2) on conflict do nothing',
}

function throttled(clock: Clock, waitMs: number): HubError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return new HubError('crm.throttled', `The CRM's quota of calls allows the next one in ${seconds} s`, {
    retryAt: clock.now() + waitMs,
    sent: false,
    mend: 'Nothing: the work goes on by itself. If it happens often, ask the CRM for a higher limit.',
  })
}

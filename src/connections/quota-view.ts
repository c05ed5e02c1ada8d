import type { Lane } from '#connectors/call.ts'
import type { Connector } from '#connectors/connector.ts'
import type { Queryable } from '#database/pool.ts'
import { type Bucket, bucketFor, laneReserve, quotaFor, toldReserve } from './quota.ts'

/** How much of a CRM's quota is used, and who waits for it. Connections of one authentication share it. */
export interface QuotaView {
  connectionId: string
  /** Calls that may go at once, or within the CRM's own window. */
  limit: number
  used: number
  left: number
  /** Of the limit, what no sync may take: kept for ringing phones, people and writes. */
  reserved: number
  /** Within which all of the limit comes back. */
  windowSeconds: number
  /** When nothing of it will be used any more, were no call made until then; null: all of it is there, or nobody says. */
  resetsAt: Date | null
  /** The CRM asked everybody to wait until then. */
  blockedUntil: Date | null
  waiting: { lane: Lane; count: number; until: Date }[]
}

interface Row {
  connectionId: string
  crm: string
  settings: Record<string, unknown>
  now: Date
  quota: Stored | null
  waiting: { lane: Lane; count: number; until: string }[] | null
}

/** As the row stands; the members beginning with `told` are of CRMs whose replies tell what is left. */
interface Stored {
  tokens: number
  refilled_at: string
  blocked_until: string
  told_used?: number | null
  told_limit?: number | null
}

/** A process that said nothing for so long has gone. */
const QUOTAS = {
  name: 'quota-view',
  text: `select c.id as "connectionId", c.crm, c.settings, clock_timestamp() as now, to_jsonb(q) as quota,
      (select jsonb_agg(jsonb_build_object('lane', lane, 'count', count, 'until', until)) from (
        select lane, sum(count)::int as count, max(until_at) as until from jackfield.quota_waiting w
        where w.authentication_id = c.authentication_id and w.seen_at > clock_timestamp() - interval '6 seconds'
        group by lane) waits) as waiting
    from jackfield.connection c left join jackfield.quota q on q.authentication_id = c.authentication_id
    where c.state <> 'removed' and ($1::uuid is null or c.id = $1) order by c.created_at, c.id`,
}

/** Of every connection, or of one. */
export async function viewQuotas(
  db: Queryable,
  connectorOf: (crm: string) => Pick<Connector, 'manifest' | 'quotaOf'>,
  connectionId?: string,
): Promise<QuotaView[]> {
  const { rows } = await db.query<Row>({ ...QUOTAS, values: [connectionId ?? null] })
  return rows.map((row) => {
    const quota = quotaFor(connectorOf(row.crm), row.settings)
    const told = row.quota?.told_limit
    const figures =
      typeof told === 'number'
        ? ofTold(told, row.quota?.told_used ?? 0, quota.seconds)
        : ofBucket(bucketFor(quota), row.quota, row.now)
    const blocked = row.quota ? new Date(row.quota.blocked_until) : null
    return {
      connectionId: row.connectionId,
      ...figures,
      blockedUntil: blocked && blocked > row.now ? blocked : null,
      waiting: (row.waiting ?? [])
        .map(({ lane, count, until }) => ({ lane, count, until: new Date(until) }))
        .sort((a, b) => urgency.indexOf(a.lane) - urgency.indexOf(b.lane)),
    }
  })
}

const urgency = Object.keys(laneReserve) as Lane[]

type Figures = Omit<QuotaView, 'connectionId' | 'blockedUntil' | 'waiting'>

function ofBucket({ capacity, refill }: Bucket, stored: Stored | null, now: Date): Figures {
  const elapsed = stored ? Math.max(0, (now.getTime() - Date.parse(stored.refilled_at)) / 1000) : 0
  const available = stored ? Math.min(capacity, stored.tokens + refill * elapsed) : capacity
  const limit = Math.floor(capacity)
  const used = Math.min(limit, Math.ceil(capacity - available))
  return {
    limit,
    used,
    left: limit - used,
    reserved: Math.floor(capacity * laneReserve.incremental),
    windowSeconds: Math.max(1, Math.round(capacity / refill)),
    resetsAt: used === 0 ? null : new Date(now.getTime() + ((capacity - available) / refill) * 1000),
  }
}

function ofTold(limit: number, used: number, seconds: number): Figures {
  return {
    limit,
    used,
    left: Math.max(0, limit - used),
    reserved: Math.floor(limit * toldReserve.incremental),
    windowSeconds: seconds,
    resetsAt: null,
  }
}

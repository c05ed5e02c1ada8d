import type { Connection } from '#connections/connection.ts'
import { bucketFor, laneReserve, toldReserve } from '#connections/quota.ts'
import type { Connector, Lane } from '#connectors/connector.ts'
import type { Pool } from '#database/pool.ts'
import type { Quota, QuotaWait } from './contract/authentications.ts'

interface StoredQuota {
  id: string
  tokens: number
  elapsed: number
  used: string | null
  limit: string | null
  toldAt: Date | null
  blockedUntil: Date | null
}

const QUOTAS = {
  name: 'quotas-shown',
  text: `select authentication_id as id, tokens, extract(epoch from clock_timestamp() - refilled_at)::float8 as elapsed,
      told_used::text as used, told_limit::text as limit, told_at as "toldAt",
      case when blocked_until > clock_timestamp() then blocked_until end as "blockedUntil"
    from jackfield.quota`,
}

// A run or write that the quota held back says so itself, whichever process it belongs to.
const WAITING = {
  name: 'quota-waiting',
  text: `select 'sync' as what, c.authentication_id as id, c.id as "connectionId", t.entity, r.kind,
      count(*)::int as count, min(r.not_before) as until
    from jackfield.sync_run r join jackfield.synced_table t on t.id = r.table_id
      join jackfield.connection c on c.id = t.connection_id
    where r.state = 'waiting' and r.problem->>'code' = 'crm.throttled' and r.not_before > now()
    group by c.authentication_id, c.id, t.entity, r.kind
    union all
    select 'write', c.authentication_id, c.id, t.entity, null, count(*)::int, min(o.not_before)
    from jackfield.outbox o join jackfield.synced_table t on t.id = o.table_id
      join jackfield.connection c on c.id = o.connection_id
    where o.state in ('kept', 'sending', 'sent') and o.problem->>'code' = 'crm.throttled' and o.not_before > now()
    group by c.authentication_id, c.id, t.entity
    order by what desc, until`,
}

interface StoredWait extends Pick<QuotaWait, 'what' | 'connectionId' | 'entity' | 'count'> {
  id: string
  kind: string | null
  until: Date
}

/** By authentication: what its CRM allows, what is used of it and by whom it is waited for. */
export async function readQuotas(
  pool: Pool,
  connections: readonly Connection[],
  connectors: readonly Connector[],
): Promise<Map<string, Quota>> {
  const [stored, waiting] = await Promise.all([pool.query<StoredQuota>(QUOTAS), pool.query<StoredWait>(WAITING)])
  const quotas = new Map<string, Quota>()
  for (const { authenticationId, crm } of connections) {
    const connector = connectors.find(({ manifest }) => manifest.crm === crm)
    if (!connector || quotas.has(authenticationId)) continue
    const row = stored.rows.find(({ id }) => id === authenticationId)
    const waits = waiting.rows.filter(({ id }) => id === authenticationId).map(shownWait)
    quotas.set(authenticationId, { ...(connector.readQuota ? told : counted)(connector, row), waiting: waits })
  }
  return quotas
}

type Figures = Omit<Quota, 'waiting'>

function told({ manifest: { quota } }: Connector, row: StoredQuota | undefined): Figures {
  const limit = row?.limit ? Number(row.limit) : quota.calls
  const used = row?.used ? Number(row.used) : null
  return {
    windowSeconds: quota.seconds,
    limit,
    used,
    left: Math.max(0, limit - (used ?? 0)),
    reserved: reserves(toldReserve, limit),
    toldAt: row?.toldAt?.toISOString() ?? null,
    blockedUntil: row?.blockedUntil?.toISOString() ?? null,
  }
}

function counted({ manifest: { quota } }: Connector, row: StoredQuota | undefined): Figures {
  const { capacity, refill } = bucketFor(quota)
  const left = row ? Math.min(capacity, row.tokens + refill * Math.max(row.elapsed, 0)) : capacity
  return {
    windowSeconds: quota.seconds,
    limit: quota.calls,
    used: null,
    left: Math.floor(left),
    reserved: reserves(laneReserve, capacity),
    toldAt: null,
    blockedUntil: row?.blockedUntil?.toISOString() ?? null,
  }
}

function reserves(share: Record<Lane, number>, of: number): Quota['reserved'] {
  const { person, incremental, initial } = share
  return { person: Math.ceil(of * person), incremental: Math.ceil(of * incremental), initial: Math.ceil(of * initial) }
}

function shownWait({ what, connectionId, entity, kind, count, until }: StoredWait): QuotaWait {
  const lane = what === 'write' ? 'person' : kind === 'initial' || kind === 'full' ? 'initial' : 'incremental'
  return { what, lane, connectionId, entity, count, until: until.toISOString() }
}

import type { ConnectionState, Problem } from '#connections/connection.ts'
import { HubError } from '#core/errors.ts'
import type { Pool, Queryable } from '#database/pool.ts'
import type { SyncedTable } from '#records/table.ts'
import type { View } from '#records/view.ts'
import { nameItems } from './attention-names.ts'
import type { AttentionCounts, AttentionItem, AttentionKind } from './contract/attention.ts'
import { parkedReason } from './parked-reason.ts'
import { problem, time } from './shown.ts'
import { configurationProblem } from './shown-configuration.ts'

/** Most urgent first: what stands still altogether before what waits alone. */
const kinds: readonly AttentionKind[] = [
  ...(['connection', 'configuration', 'run', 'sweep'] as const),
  ...(['unknown_write', 'failed_write', 'parked'] as const),
]

/** A failed write was told to its caller; it is shown for so long in case that was nobody. */
const failedWriteDays = 7

// Each kind as the same columns. A failed run counts until a later one of its kind was asked for.
const ITEMS = `
  select 0 as kind, c.id, c.id as connection_id, null::text as entity, null::uuid as record_id, null::text as source_id,
      null::text as field, c.problem, 1 as times, c.changed_at as at
    from jackfield.connection c where c.state = 'needs_attention'
  union all
  select 1, f.id, f.connection_id, null, null, null, null, c.problem, 1, c.changed_at
    from jackfield.crm_configuration f join jackfield.connection c on c.id = f.connection_id
    where f.state = 'active' and c.state <> all('{connecting,active}')
  union all
  select case when r.problem->>'code' = 'sync.sweep_needs_person' then 3 else 2 end, r.id, t.connection_id, t.entity, null, null,
      null, r.problem, 1, coalesce(r.finished_at, r.created_at)
    from jackfield.sync_run r join jackfield.synced_table t on t.id = r.table_id
    join jackfield.connection c on c.id = t.connection_id and c.state <> 'removed'
    where r.state = 'failed' and not exists (select 1 from jackfield.sync_run later
      where later.table_id = r.table_id and later.kind = r.kind and later.created_at > r.created_at)
  union all
  select case o.state when 'unknown' then 4 else 5 end, o.id, o.connection_id, t.entity, o.record_id, o.source_id,
      o.problem->>'field', o.problem, coalesce((o.problem->>'times')::int, 1), coalesce(o.done_at, o.sent_at, o.created_at)
    from jackfield.outbox o join jackfield.synced_table t on t.id = o.table_id
    join jackfield.connection c on c.id = o.connection_id and c.state <> 'removed'
    where o.state = 'unknown' or (o.state = 'failed' and o.done_at > now() - make_interval(days => ${failedWriteDays}))
  union all
  select 6, p.id, t.connection_id, t.entity, null, p.source_id, p.field,
      jsonb_build_object('code', p.code, 'message', p.message, 'since', p.first_seen_at), p.times, p.last_seen_at
    from jackfield.parked p join jackfield.synced_table t on t.id = p.table_id
    join jackfield.connection c on c.id = t.connection_id and c.state <> 'removed'`

/** How much waits for a person, by kind. */
export async function attentionCounts(db: Queryable): Promise<AttentionCounts> {
  const { rows } = await db.query<{ kind: number; count: number }>({
    name: 'attention-counts',
    text: `select kind, count(*)::int as count from (${ITEMS}) item group by kind`,
  })
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as AttentionCounts
  for (const { kind, count } of rows) counts[kinds[kind]!] = count
  return counts
}

export interface AttentionQuery {
  kind?: AttentionKind
  connectionId?: string
  cursor?: string
  limit: number
}

interface Row {
  kind: number
  id: string
  connectionId: string
  connectionName: string
  connectionState: ConnectionState
  /** Of a configuration. */
  name: string | null
  entity: string | null
  recordId: string | null
  sourceId: string | null
  field: string | null
  problem: unknown
  times: number
  at: Date
  /** Microseconds, which a Date does not keep. */
  place: string
}

const LIST = {
  name: 'attention-list',
  text: `select item.kind, item.id, item.connection_id as "connectionId", c.name as "connectionName",
      c.state as "connectionState", item.entity,
      (select f.name from jackfield.crm_configuration f where item.kind = 1 and f.id = item.id) as name,
      (select r.id from jackfield.record r join jackfield.synced_table t on t.id = r.table_id
        where r.id = item.record_id and t.connection_id = item.connection_id and t.entity = item.entity) as "recordId",
      item.source_id as "sourceId", item.field, item.problem, item.times, item.at,
      (extract(epoch from item.at) * 1000000)::bigint::text as place
    from (${ITEMS}) item join jackfield.connection c on c.id = item.connection_id
    where ($1::int is null or item.kind = $1) and ($2::uuid is null or item.connection_id = $2)
      and ($3::int is null or (item.kind, -(extract(epoch from item.at) * 1000000)::bigint, item.id) > ($3, -($4::bigint), $5::uuid))
    order by item.kind, item.at desc, item.id limit $6`,
}

/** Everything that waits for a person: by kind, newest first. */
export async function listAttention(
  db: Pool,
  tables: readonly SyncedTable[],
  query: AttentionQuery & { view: View },
): Promise<{ items: AttentionItem[]; next: string | null }> {
  const [kind, at, id] = readCursor(query.cursor)
  const wanted = query.kind === undefined ? null : kinds.indexOf(query.kind)
  const { rows } = await db.query<Row>({
    ...LIST,
    values: [wanted, query.connectionId ?? null, kind, at, id, query.limit],
  })
  const last = rows.length === query.limit ? rows.at(-1) : undefined
  return {
    items: await nameItems(db, tables, rows.map(asItem), query.view),
    next: last ? `${last.kind}.${last.place}.${last.id}` : null,
  }
}

function asItem({ place: _place, connectionState, ...row }: Row): AttentionItem {
  const unknown = { code: 'internal', message: 'The reason was not kept', mend: null, since: null }
  const kind = kinds[row.kind]!
  const { connectionName } = row
  const told =
    kind === 'configuration'
      ? configurationProblem({ connectionName, connectionState, connectionProblem: row.problem as Problem | null })
      : problem(row.problem)
  const why = told ?? unknown
  const reason = kind === 'parked' ? parkedReason(why.message) : null
  return { ...row, kind, problem: why, reason, at: time(row.at) }
}

function readCursor(cursor: string | undefined): [number | null, string | null, string | null] {
  if (cursor === undefined || cursor === '') return [null, null, null]
  const match = /^(\d)\.(\d{1,18})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (!match) throw new HubError('input.invalid', 'The cursor is not one that this hub gave', { field: 'cursor' })
  return [Number(match[1]), match[2]!, match[3]!]
}

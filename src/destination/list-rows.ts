import type { Lane } from '#connectors/call.ts'
import type { TableScope } from '#connectors/connector.ts'
import { createLinkGuard } from '#connectors/link-guard.ts'
import { isHubError } from '#core/errors.ts'
import { canonicalSourceId } from '#core/ids.ts'
import { type Lease, underLease } from '#jobs/lease.ts'
import type { Filter } from '#model/filter.ts'
import { type Mark, markLiteral } from '#model/mark.ts'
import type { RawRow } from '#model/reading.ts'
import { sourceColumns } from '#model/source-columns.ts'
import type { SyncedTable } from '#records/table.ts'
import type { DestinationEntity } from './entities.ts'
import type { DestinationParts, Target } from './target.ts'

const pageSize = 5_000
// In one address of a query by source ids.
const idsAtOnce = 40

interface FoundRow {
  rowId: string
  crm: string
  id: string
  host: string
  mark: Mark | null
}

/** Lists every row that carries a source, and forgets those listed before that are no more. Answers when it began. */
export async function listSourcedRows(parts: DestinationParts, target: Target, lease: Lease): Promise<Date> {
  const { rows } = await parts.pool.query<{ round: bigint; at: Date }>(
    `select nextval('jackfield.reading_ticket') as round, clock_timestamp() as at`,
  )
  const { round, at } = rows[0]!
  for (const [entity, table] of target.own) {
    const filter: Filter = { field: sourceColumns.id, is: 'not_null' }
    await listInto({ parts, target, lease, entity, table, round, lane: 'initial' }, filter)
    await underLease(parts.pool, lease, (tx) =>
      tx.query('delete from jackfield.destination_found where destination_id = $1 and entity = $2 and round < $3', [
        target.destination.id,
        entity,
        round,
      ]),
    )
  }
  await underLease(parts.pool, lease, (tx) =>
    tx.query('update jackfield.destination set listed_at = $2 where id = $1', [target.destination.id, at]),
  )
  return at
}

/** Rows that carry one of these source ids: asked before rows are added after the first fill. */
export async function findSourcedRows(
  parts: DestinationParts,
  target: Target,
  given: { entity: DestinationEntity; sourceIds: readonly string[]; lease: Lease },
): Promise<void> {
  const { entity, sourceIds, lease } = given
  const table = target.own.get(entity)
  if (!table) return
  for (let at = 0; at < sourceIds.length; at += idsAtOnce) {
    const value = sourceIds.slice(at, at + idsAtOnce)
    const filter: Filter = { field: sourceColumns.id, is: 'in', value }
    await listInto({ parts, target, lease, entity, table, round: null, lane: 'incremental' }, filter)
  }
}

interface Listing {
  parts: DestinationParts
  target: Target
  lease: Lease
  entity: DestinationEntity
  table: SyncedTable
  round: bigint | null
  lane: Lane
}

async function listInto({ parts, target, lease, entity, table, round, lane }: Listing, filter: Filter): Promise<void> {
  const { connector, session, destination } = target
  const there = new Set(table.source.fields.map(({ name }) => name))
  const columns = Object.values(sourceColumns).filter((name) => there.has(name))
  const scope: TableScope = { table: table.source, columns, filter }
  const walk = { kind: 'query' } as const
  const guard = createLinkGuard(entity)
  let next: string | null = connector.firstLink(scope, walk)
  while (next !== null) {
    guard(next)
    const page = await connector.readPage(session, next, walk, { lane, pageSize, signal: lease.signal })
    const found = page.rows.flatMap((raw) => foundRow(target, scope, raw) ?? [])
    await underLease(parts.pool, lease, (tx) =>
      tx.query({
        name: 'destination-found',
        text: `insert into jackfield.destination_found as f
            (destination_id, entity, row_id, source_crm, source_id, source_host, mark, round)
          select $1, $2, "rowId", crm, id, host, mark::bigint[], coalesce($4, 0)
          from jsonb_to_recordset($3::jsonb) as found("rowId" uuid, crm text, id text, host text, mark text)
          on conflict (destination_id, entity, row_id) do update set source_crm = excluded.source_crm,
            source_id = excluded.source_id, source_host = excluded.source_host, mark = excluded.mark,
            round = greatest(f.round, excluded.round)`,
        values: [
          destination.id,
          entity,
          JSON.stringify(found.map((one) => ({ ...one, mark: one.mark && markLiteral(one.mark) }))),
          round,
        ],
      }),
    )
    next = page.next
  }
}

function foundRow({ connector }: Target, scope: TableScope, raw: RawRow): FoundRow | null {
  try {
    const { sourceId: rowId, values, mark } = connector.readRow(scope, raw)
    const id = values[sourceColumns.id]
    if (typeof id !== 'string' || id === '') return null
    const field = scope.table.fields.find(({ name }) => name === sourceColumns.crm)
    const crm = values[sourceColumns.crm]
    const option = field?.options?.find((one) => one.value === crm)
    const label = option ? (option.labels.en ?? Object.values(option.labels)[0] ?? '') : String(crm ?? '')
    return { rowId, crm: label, id: canonicalSourceId(id), host: hostOf(values[sourceColumns.url]), mark }
  } catch (error) {
    if (isHubError(error, 'record.invalid')) return null
    throw error
  }
}

const hostOf = (url: unknown) => (typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname : '')

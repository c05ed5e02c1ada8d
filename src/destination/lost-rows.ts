import type { Lane } from '#connectors/call.ts'
import type { Transaction } from '#database/pool.ts'
import type { DestinationEntity } from './entities.ts'
import type { Target } from './target.ts'
import type { Turn } from './turn.ts'

/** A row that another one points at, and that the destination no longer has. */
export interface LostRow {
  entity: DestinationEntity
  rowId: string
}

/**
 * Of rows that were refused: which of those that they point at are not there. The hub looks at no row of a record that is
 * gone, so that nobody else tells it when people delete one; and the organisation refuses whatever points at it.
 */
export async function findLost(
  { connector, session, own }: Pick<Target, 'connector' | 'session' | 'own'>,
  refused: readonly Turn[],
  lane: Lane,
): Promise<LostRow[]> {
  const pointedAt = refused.flatMap(({ built }) => Object.values(built?.fields ?? {}).filter(isPointer))
  const lost: LostRow[] = []
  for (const [entity, pointers] of Map.groupBy(pointedAt, (pointer) => pointer.entity)) {
    const table = own.get(entity as DestinationEntity)
    if (!table) continue
    const missing = new Set(pointers.map(({ id }) => id))
    const scope = { table: table.source, columns: [], filter: null }
    const most = connector.manifest.idsPerRead
    const ids = [...missing]
    for (let from = 0; from < ids.length; from += most) {
      const { rows } = await connector.readByIds(session, scope, ids.slice(from, from + most), lane)
      for (const raw of rows) missing.delete(connector.readRow(scope, raw).sourceId)
    }
    lost.push(...[...missing].map((rowId) => ({ entity: entity as DestinationEntity, rowId })))
  }
  return lost
}

const isPointer = (value: unknown): value is { entity: string; id: string } =>
  typeof value === 'object' && value !== null && 'entity' in value && 'id' in value

/**
 * Rows of records that are gone count as deleted from now on, and nothing points at them; those of records that live are
 * made anew, before what points at them. Not those that are parked with a reason of their own, nor those written within the
 * last minute: whatever is refused once more is so for another reason. Answers the records of those that changed.
 */
export async function noteLost(tx: Transaction, destinationId: string, lost: readonly LostRow[]): Promise<string[]> {
  if (lost.length === 0) return []
  const { rows } = await tx.query<{ recordId: string }>({
    name: 'destination-note-lost',
    text: `update jackfield.destination_row d set mark = null, hash = null,
        state = case when d.state = 'written' then d.state else 'deleted' end,
        asked = case when d.state = 'written' then d.asked + 1 else d.asked end, not_before = null, tries = 0
      from unnest($2::text[], $3::uuid[]) as lost(entity, row_id)
      where d.destination_id = $1 and d.entity = lost.entity and d.row_id = lost.row_id
        and (d.state in ('kept', 'deactivated')
          or d.state = 'written' and d.problem is null and d.written_at < clock_timestamp() - interval '1 minute')
      returning d.record_id as "recordId"`,
    values: [destinationId, lost.map(({ entity }) => entity), lost.map(({ rowId }) => rowId)],
  })
  return rows.map(({ recordId }) => recordId)
}

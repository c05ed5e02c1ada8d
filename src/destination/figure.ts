import type { Queryable } from '#database/pool.ts'
import { type Lease, underLease } from '#jobs/lease.ts'
import type { Figure, FigureCounts } from './destination.ts'
import type { DestinationEntity } from './entities.ts'
import { listSourcedRows } from './list-rows.ts'
import type { DestinationParts, Target } from './target.ts'

// What stands in the destination_found after a listing, beside what the hub knows of its rows. $3: when the listing began;
// $5: what the source column says of each table's records.
const COMPARED = `with live as (
    select r.id, s.label from unnest($2::int[], $5::text[]) as s(table_id, label)
      join jackfield.record r on r.table_id = s.table_id and r.deleted_at is null and r.out_of_scope_at is null and r.source is not null),
  compared as (
    select l.id, d.record_id, d.row_id, f.row_id as found_id,
      case
        when d.problem is not null and d.asked = d.done then 'parked'
        when d.record_id is null or d.asked > d.done or d.state <> 'written' then 'waiting'
        when d.written_at >= $3 then 'held'
        when f.row_id is null then 'missing'
        when f.mark is distinct from d.mark or lower(f.source_crm) <> lower(l.label) then 'differing'
        else 'held' end as kind
    from live l
    left join jackfield.destination_row d on d.destination_id = $1 and d.record_id = l.id
    left join jackfield.destination_found f on f.destination_id = $1 and f.entity = $4 and f.row_id = d.row_id)`

const EXTRA = `select f.row_id from jackfield.destination_found f
  join jackfield.destination o on o.id = f.destination_id
  where f.destination_id = $1 and f.entity = $2 and lower(f.source_crm) in (select lower(unnest(o.labels)))
    and not exists (select from jackfield.destination_row d
      where d.destination_id = $1 and d.entity = $2 and d.row_id = f.row_id and d.state <> 'deleted')`

const samplesOfEach = 20

/** Lists the destination anew and sets it beside the hub's records; mends what it finds when asked. */
export async function compareRows(
  parts: DestinationParts,
  target: Target,
  { repair, lease }: { repair: boolean; lease: Lease },
): Promise<Figure> {
  const at = await listSourcedRows(parts, target, lease)
  // Both were just filled, maybe: without an idea of their sizes they are joined row by row with row.
  await parts.pool.query('analyze jackfield.destination_found, jackfield.destination_row')
  const figure: Figure = { at: at.toISOString(), ...none(), repaired: 0, entities: {}, samples: [] }
  for (const entity of target.own.keys()) {
    const counts = await countOf(parts.pool, target, { entity, at })
    figure.entities[entity] = counts
    for (const name of Object.keys(none()) as (keyof FigureCounts)[]) figure[name] += counts[name]
    figure.samples.push(...(await samplesOf(parts.pool, target, { entity, at })))
    if (repair) figure.repaired += await mend(parts, target, { entity, at, lease })
  }
  await underLease(parts.pool, lease, (tx) =>
    tx.query(
      // What was asked for after the listing began is still to come.
      `update jackfield.destination set figure = $2,
          figure_repairs = figure_repairs and coalesce(figure_asked_at > $3, false),
          figure_asked_at = case when figure_asked_at > $3 then figure_asked_at end where id = $1`,
      [target.destination.id, JSON.stringify(figure), at],
    ),
  )
  return figure
}

const none = (): FigureCounts => ({
  records: 0,
  held: 0,
  waiting: 0,
  parked: 0,
  missing: 0,
  differing: 0,
  extra: 0,
  past: 0,
})

interface Of {
  entity: DestinationEntity
  at: Date
}

function valuesOf({ destination, sources, plans }: Target, { entity, at }: Of): unknown[] {
  const tables = sources.filter((table) => table.entity === entity)
  const labels = tables.map(({ id }) => plans.get(id)!.label)
  return [destination.id, tables.map(({ id }) => id), at, entity, labels]
}

async function countOf(db: Queryable, target: Target, of: Of): Promise<FigureCounts> {
  const { rows } = await db.query<{ kind: keyof FigureCounts; count: number }>(
    `${COMPARED} select kind, count(*)::int as count from compared group by kind`,
    valuesOf(target, of),
  )
  const counts = none()
  for (const { kind, count } of rows) {
    counts[kind] = count
    counts.records += count
  }
  const { destination } = target
  const more = await db.query<{ extra: number; past: number }>(
    `select (select count(*)::int from (${EXTRA}) extra) as extra,
      (select count(*)::int from jackfield.destination_row d
        where d.destination_id = $1 and d.entity = $2 and d.state in ('deactivated', 'kept')) as past`,
    [destination.id, of.entity],
  )
  return { ...counts, ...more.rows[0]! }
}

async function samplesOf(db: Queryable, target: Target, of: Of): Promise<Figure['samples']> {
  const { rows } = await db.query<{ kind: 'missing' | 'differing'; rowId: string }>(
    `${COMPARED} select kind, row_id as "rowId" from compared where kind in ('missing', 'differing') order by kind limit ${samplesOfEach}`,
    valuesOf(target, of),
  )
  const extra = await db.query<{ rowId: string }>(
    `select row_id as "rowId" from (${EXTRA}) extra limit ${samplesOfEach}`,
    [target.destination.id, of.entity],
  )
  const { entity } = of
  return [
    ...rows.map((row) => ({ entity, ...row })),
    ...extra.rows.map(({ rowId }) => ({ entity, kind: 'extra' as const, rowId })),
  ]
}

/** Rows that are missing are made again; those that differ are written over, since the way leads one way. */
async function mend(parts: DestinationParts, target: Target, of: Of & { lease: Lease }): Promise<number> {
  return await underLease(parts.pool, of.lease, async (tx) => {
    const { rowCount } = await tx.query(
      `${COMPARED} update jackfield.destination_row d set asked = d.asked + 1, hash = null, not_before = null,
          mark = case when c.kind = 'missing' then null else d.mark end,
          state = case when c.kind = 'missing' then 'waiting' else d.state end
        from compared c where d.destination_id = $1 and d.record_id = c.record_id and c.kind in ('missing', 'differing')`,
      valuesOf(target, of),
    )
    const unasked = await tx.query(
      `update jackfield.destination_row set asked = asked + 1, not_before = null
        where destination_id = $1 and entity = $2 and problem is not null and asked = done`,
      [target.destination.id, of.entity],
    )
    // Of records that are gone, and there again: a person brought it back, or a request that was taken for lost.
    const back = await tx.query(
      `update jackfield.destination_row d set asked = d.asked + 1, sent = true, not_before = null
        from jackfield.destination_found f where d.destination_id = $1 and d.entity = $2 and d.state = 'deleted'
          and f.destination_id = $1 and f.entity = $2 and f.row_id = d.row_id and d.asked = d.done`,
      [target.destination.id, of.entity],
    )
    return (rowCount ?? 0) + (unasked.rowCount ?? 0) + (back.rowCount ?? 0)
  })
}

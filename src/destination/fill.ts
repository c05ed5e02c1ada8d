import type { Transaction } from '#database/pool.ts'
import { type Lease, underLease } from '#jobs/lease.ts'
import type { SyncedTable } from '#records/table.ts'
import type { DestinationEntity } from './entities.ts'
import { findSourcedRows } from './list-rows.ts'
import { askFor, heldRecords } from './rows.ts'
import { askOf, hasAlike, labelOf } from './sources.ts'
import { addLabels } from './store.ts'
import type { DestinationParts, Target } from './target.ts'

// Records asked for in one transaction.
const recordsAtOnce = 5_000

interface FillState {
  tableId: number
  filledTo: string | null
  filledAt: Date | null
}

/**
 * The tables that are to be walked. One that is new is listed for first (its rows may be there already, from another
 * program), one whose rule or mapping changed is walked again: what comes out the same is not written.
 */
export async function prepareFill(parts: DestinationParts, target: Target, lease: Lease): Promise<{ list: boolean }> {
  const { destination, sources } = target
  const labelled = sources.map((table) => ({ id: table.id, label: labelOf(parts.connectorOf(table.crm), table) }))
  return await underLease(parts.pool, lease, async (tx) => {
    await addLabels(tx, destination, [...new Set(labelled.map(({ label }) => label))])
    const renamed = labelled.filter(({ label }) => !destination.labels.includes(label)).map(({ id }) => id)
    if (renamed.length > 0) await walkAgain(tx, destination.id, renamed)
    const { rows } = await tx.query<{ fresh: boolean }>({
      name: 'destination-sources',
      text: `insert into jackfield.destination_source as s (destination_id, table_id, rule_version, mapping_version)
        select $1, t.id, t.rule_version, $3 from jackfield.synced_table t where t.id = any($2::int[])
        on conflict (destination_id, table_id) do update set filled_to = null, filled_at = null,
          rule_version = excluded.rule_version, mapping_version = excluded.mapping_version
        where s.rule_version <> excluded.rule_version or s.mapping_version <> excluded.mapping_version
        returning xmax = 0 as fresh`,
      values: [destination.id, sources.map(({ id }) => id), destination.mappingVersion],
    })
    return { list: destination.listedAt === null || rows.some(({ fresh }) => fresh) }
  })
}

/** Rows that stand there under another name of their CRM are written anew. */
async function walkAgain(tx: Transaction, destinationId: string, tableIds: readonly number[]): Promise<void> {
  await tx.query({
    name: 'destination-walk-again',
    text: `update jackfield.destination_source set filled_to = null, filled_at = null
      where destination_id = $1 and table_id = any($2::int[])`,
    values: [destinationId, tableIds],
  })
}

/** One page of the walk; false when every table is walked. */
export async function fillSome(parts: DestinationParts, target: Target, lease: Lease): Promise<boolean> {
  const { destination, sources } = target
  const { rows } = await parts.pool.query<FillState>({
    name: 'destination-fill-state',
    text: `select s.table_id as "tableId", s.filled_to as "filledTo", s.filled_at as "filledAt"
      from jackfield.destination_source s join jackfield.synced_table t on t.id = s.table_id
      where s.destination_id = $1 and s.filled_at is null and s.table_id = any($2::int[]) order by t.entity, t.id limit 1`,
    values: [destination.id, sources.map(({ id }) => id)],
  })
  const state = rows[0]
  if (!state) return false
  const table = sources.find(({ id }) => id === state.tableId)!
  await underLease(parts.pool, lease, async (tx) => {
    const page = await tx.query<{ id: string }>({
      name: 'destination-fill-page',
      text: `select id from jackfield.record where table_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
      values: [table.id, state.filledTo, recordsAtOnce],
    })
    const ids = page.rows.map(({ id }) => id)
    await askFor(tx, asked(parts, target, table), ids)
    await tx.query({
      name: 'destination-filled',
      text: `update jackfield.destination_source set filled_to = coalesce($3, filled_to),
          filled_at = case when $4 then now() end where destination_id = $1 and table_id = $2`,
      values: [destination.id, table.id, ids.at(-1) ?? null, ids.length < recordsAtOnce],
    })
  })
  return true
}

function asked({ connectorOf }: DestinationParts, { destination, others }: Target, table: SyncedTable) {
  const label = labelOf(connectorOf(table.crm), table)
  return askOf(destination, table, { label, alike: hasAlike(table, others, connectorOf) })
}

/** Records that changed: those without a row are looked for there by their source first, so that none is doubled. */
export async function askForChanged(
  parts: DestinationParts,
  target: Target,
  given: { table: SyncedTable; recordIds: readonly string[]; lease: Lease },
): Promise<(tx: Parameters<typeof askFor>[0]) => Promise<void>> {
  const { table, recordIds, lease } = given
  const known = await parts.pool.query<{ id: string }>({
    name: 'destination-known',
    text: `select record_id as id from jackfield.destination_row where destination_id = $1 and record_id = any($2::uuid[])`,
    values: [target.destination.id, recordIds],
  })
  const seen = new Set(known.rows.map(({ id }) => id))
  const held = await heldRecords(
    parts.pool,
    table.id,
    recordIds.filter((id) => !seen.has(id)),
  )
  const sourceIds = [...held.values()].filter(({ lives }) => lives).map(({ sourceId }) => sourceId)
  await findSourcedRows(parts, target, { entity: table.entity as DestinationEntity, sourceIds, lease })
  return (tx) => askFor(tx, asked(parts, target, table), recordIds)
}

import { setImmediate as nextTurn } from 'node:timers/promises'
import { inTransaction, type Pool, type Transaction } from '#database/pool.ts'
import { type Derived, derive } from './derive.ts'
import { linkTexts, pointTexts, replaceKeys } from './keys.ts'
import { betweenKeys, literals, texts } from './lists.ts'
import type { SyncedTable } from './table.ts'

interface Row {
  id: string
  sourceId: string
  ruleVersion: number
  name: string | null
  searchText: string | null
  active: boolean
  modifiedAt: Date | null
  points: string[] | null
  links: string[] | null
  source: string
  outOfScope: boolean
}

const batchSize = 500

const BATCH = {
  name: 'reindex-batch',
  text: `select id, source_id as "sourceId", rule_version as "ruleVersion", name, search_text as "searchText", active,
      modified_at as "modifiedAt", points, links, source, out_of_scope_at is not null as "outOfScope"
    from jackfield.record where table_id = $1 and id > $2 and deleted_at is null and source is not null order by id limit ${batchSize}`,
}
const REMAKE = {
  name: 'reindex-remake',
  text: `update jackfield.record r set rule_version = $2, name = made.name, search_text = made.search_text, active = made.active,
      modified_at = to_timestamp(made.modified_at), points = string_to_array(made.points, E'\\x1f'),
      links = string_to_array(made.links, E'\\x1f')
    from rows from (unnest($3::uuid[]), string_to_table($4, E'\\x1e', ''), string_to_table($5, E'\\x1e', ''), unnest($6::boolean[]),
      unnest($7::float8[]), string_to_table($8, E'\\x1e', ''), string_to_table($9, E'\\x1e', ''))
      as made(id, name, search_text, active, modified_at, points, links)
    where r.table_id = $1 and r.id = made.id`,
}

export interface Reindexed {
  seen: number
  /** Source ids of the records whose derived values were not what the rule makes. */
  differing: string[]
}

/**
 * Makes what is derived of every record again from the CRM's own text, without asking the CRM: after a change of the
 * mapping, or to prove that nothing was altered. `remake: false` only compares.
 */
export async function reindexTable(
  pool: Pool,
  table: SyncedTable,
  options: { remake: boolean; onProgress?: (seen: number) => void; signal?: AbortSignal },
): Promise<Reindexed> {
  const result: Reindexed = { seen: 0, differing: [] }
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    options.signal?.throwIfAborted()
    const batch = await inTransaction(pool, (tx) => reindexBatch(tx, table, after, options.remake))
    result.seen += batch.seen
    result.differing.push(...batch.differing)
    options.onProgress?.(result.seen)
    if (batch.last === null) return result
    after = batch.last
    await nextTurn()
  }
}

async function reindexBatch(tx: Transaction, table: SyncedTable, after: string, remake: boolean) {
  const { rows } = await tx.query<Row>({
    ...BATCH,
    text: remake ? `${BATCH.text} for update` : BATCH.text,
    name: `${BATCH.name}-${remake}`,
    values: [table.id, after],
  })
  const stale = rows
    .map((row) => ({ row, derived: deriveRow(row, table) }))
    .filter(({ row, derived }) => !isSame(row, derived))
  const differing = stale.map(({ row }) => row.sourceId)
  if (remake) {
    const old = rows.filter((row) => row.ruleVersion !== table.ruleVersion && !differing.includes(row.sourceId))
    await writeDerived(tx, table, [...stale, ...old.map((row) => ({ row, derived: deriveRow(row, table) }))])
  }
  return { seen: rows.length, differing, last: rows.length === batchSize ? rows.at(-1)!.id : null }
}

function deriveRow(row: Row, table: SyncedTable): Derived {
  const derived = derive(JSON.parse(row.source) as Record<string, unknown>, table)
  return row.outOfScope ? { ...derived, points: [], links: [] } : derived
}

function isSame(row: Row, derived: Derived): boolean {
  return (
    row.name === derived.name &&
    row.searchText === derived.searchText &&
    row.active === derived.active &&
    (row.modifiedAt?.getTime() ?? null) ===
      (derived.modifiedAt === null ? null : Math.round(derived.modifiedAt * 1000)) &&
    (row.points ?? []).join(betweenKeys) === pointTexts(derived) &&
    (row.links ?? []).join(betweenKeys) === linkTexts(derived)
  )
}

async function writeDerived(
  tx: Transaction,
  table: SyncedTable,
  made: { row: Row; derived: Derived }[],
): Promise<void> {
  if (made.length === 0) return
  await tx.query({
    ...REMAKE,
    values: [
      table.id,
      table.ruleVersion,
      literals(made.map(({ row }) => row.id)),
      texts(made.map(({ derived }) => derived.name ?? '')),
      texts(made.map(({ derived }) => derived.searchText ?? '')),
      literals(made.map(({ derived }) => derived.active)),
      literals(made.map(({ derived }) => derived.modifiedAt)),
      texts(made.map(({ derived }) => pointTexts(derived))),
      texts(made.map(({ derived }) => linkTexts(derived))),
    ],
  })
  await replaceKeys(
    tx,
    table.id,
    made.map(({ row, derived }) => ({
      id: row.id,
      before: { points: row.points ?? [], links: row.links ?? [] },
      after: derived,
    })),
  )
}

/** Points that stand in the index and in no record, or the other way round: put right from the records. */
export async function mendKeys(pool: Pool, table: SyncedTable): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await tx.query('set local statement_timeout = 0')
    const kept = `select 'x' from jackfield.record r where r.table_id = $1`
    const strayPoints = await tx.query(
      `delete from jackfield.contact_point p where p.table_id = $1 and not exists (
        ${kept} and r.id = p.record_id and (p.kind::text || ':' || p.value || ':' || p.field) = any(r.points))`,
      [table.id],
    )
    const strayLinks = await tx.query(
      `delete from jackfield.relation l where l.table_id = $1 and not exists (
        ${kept} and r.id = l.record_id and (l.role || ':' || l.target_source_id) = any(r.links))`,
      [table.id],
    )
    const missingPoints = await tx.query(
      `insert into jackfield.contact_point(kind, value, table_id, record_id, field)
        select left(point, 1)::"char", substr(point, 3, length(point) - 2 - position(':' in reverse(point))), r.table_id, r.id,
          reverse(split_part(reverse(point), ':', 1))
        from jackfield.record r, unnest(r.points) point where r.table_id = $1 on conflict do nothing`,
      [table.id],
    )
    const missingLinks = await tx.query(
      `insert into jackfield.relation(target_source_id, role, table_id, record_id)
        select substr(link, position(':' in link) + 1), split_part(link, ':', 1), r.table_id, r.id
        from jackfield.record r, unnest(r.links) link where r.table_id = $1 on conflict do nothing`,
      [table.id],
    )
    const results = [strayPoints, strayLinks, missingPoints, missingLinks]
    return results.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)
  })
}

import { hash } from 'node:crypto'
import { parseExact } from '#core/exact-json.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import type { BrokenRow } from './read-rows.ts'
import type { SyncedTable } from './table.ts'
import { isMasked, isVisible, unmasked, type View } from './view.ts'

// Enough to see what is wrong and to replay all but monsters: those are read from the CRM again.
const longestBody = 2_097_152

const PARK = {
  name: 'park',
  text: `insert into jackfield.parked as p (id, table_id, source_id, record_key, code, field, message, body)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (table_id, record_key) do update set code = $5, field = $6, message = $7, body = $8,
      times = p.times + 1, last_seen_at = now()`,
}
const UNPARK = {
  name: 'unpark',
  text: `delete from jackfield.parked where table_id = $1 and record_key = any($2::text[])`,
}

/** Sets rows aside with their reason; the same row again only counts up. */
export async function park(tx: Transaction, tableId: number, broken: readonly BrokenRow[]): Promise<number> {
  for (const { raw, sourceId, error } of broken) {
    const key = sourceId ?? `body:${hash('sha256', raw)}`
    await tx.query({
      ...PARK,
      values: [
        uuidv7(),
        tableId,
        sourceId,
        key,
        error.code,
        error.detail.field ?? null,
        error.message,
        raw.toString().slice(0, longestBody),
      ],
    })
  }
  return broken.length
}

/** Rows that could be read again are no longer parked. */
export async function unpark(tx: Transaction, tableId: number, sourceIds: readonly string[]): Promise<void> {
  if (sourceIds.length === 0) return
  const { rows } = await tx.query<{ any: boolean }>({
    name: 'parked-any',
    text: 'select exists (select from jackfield.parked where table_id = $1) as any',
    values: [tableId],
  })
  if (rows[0]?.any) await tx.query({ ...UNPARK, values: [tableId, sourceIds] })
}

export interface ParkedRow {
  id: string
  tableId: number
  sourceId: string | null
  code: string
  field: string | null
  message: string
  body: string | null
  times: number
  firstSeenAt: Date
  lastSeenAt: Date
}

const COLUMNS = `id, table_id as "tableId", source_id as "sourceId", code, field, message, body, times,
  first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt"`

/** Newest first. */
export async function listParked(db: Queryable, options: { tableId?: number; limit: number }): Promise<ParkedRow[]> {
  const { rows } = await db.query<ParkedRow>({
    name: 'parked-list',
    text: `select ${COLUMNS} from jackfield.parked where ($1::int is null or table_id = $1) order by last_seen_at desc, id limit $2`,
    values: [options.tableId ?? null, options.limit],
  })
  return rows
}

export async function countParked(db: Queryable, tableId: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    name: 'parked-count',
    text: 'select count(*)::int as count from jackfield.parked where table_id = $1',
    values: [tableId],
  })
  return rows[0]!.count
}

export async function findParked(db: Queryable, id: string): Promise<ParkedRow | null> {
  const { rows } = await db.query<ParkedRow>({
    name: 'parked-find',
    text: `select ${COLUMNS} from jackfield.parked where id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

/**
 * The row as somebody may see it; null where they may not. What is masked is cut out of a body that can be read, and a
 * body that cannot is not shown, nor is the sentence that may quote it.
 */
export function seenParked(row: ParkedRow, table: SyncedTable, view: View): ParkedRow | null {
  const seen = view.of(table)
  if (seen === null) return row
  const values = valuesIn(row.body)
  const source = values && JSON.stringify(values)
  if (!isVisible({ links: null, source }, table, seen)) return null
  if (seen.masked.size === 0) return row
  const body = values && JSON.stringify(unmasked(values, seen))
  const field = row.field !== null && isMasked(seen.masked, row.field) ? null : row.field
  return { ...row, body, field, message: 'A value does not fit; which one is told to those who see the whole record' }
}

function valuesIn(body: string | null): Record<string, unknown> | null {
  try {
    const value: unknown = body === null ? null : parseExact(body)
    return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown> | null) : null
  } catch {
    return null
  }
}

/** A person decided that this row may be forgotten. */
export async function dismissParked(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from jackfield.parked where id = $1', [id])
  return rowCount === 1
}

import type { Queryable, Transaction } from '#database/pool.ts'
import { storableJson } from '#database/storable-json.ts'
import type { Mark } from '#model/mark.ts'
import { markLiteral } from '#model/mark.ts'
import type { Destination, DueRow } from './destination.ts'
import type { DestinationEntity } from './entities.ts'

/** Records of one table that are to be looked at again. */
export interface Ask {
  destinationId: string
  tableId: number
  entity: string
  label: string
  /** Several connections go by this label: a row is told by the address too. */
  host: string | null
}

/**
 * Asks for these records: those that live get a row, those that are gone are looked at where they have one. A row that
 * carries the same source already is taken for the record's own (adopted), once; but never one that stands under another
 * record's id, which is that one's row. A record whose id is the row of another all the same gets a row of a new id.
 */
const ASK = {
  name: 'destination-ask',
  text: `with asked as materialized (
      select r.id, r.source_id, r.deleted_at is null and r.out_of_scope_at is null and r.source is not null as lives
      from jackfield.record r where r.table_id = $2 and r.id = any($6::uuid[])),
    known as (
      update jackfield.destination_row d set asked = d.asked + 1, not_before = null, tries = 0, table_id = $2
      from asked a where d.destination_id = $1 and d.record_id = a.id returning d.record_id),
    fresh as (
      select a.id, a.source_id from asked a where a.lives
        and not exists (select from jackfield.destination_row d where d.destination_id = $1 and d.record_id = a.id)),
    adoptable as (
      select distinct on (f.row_id) f.row_id, n.id, f.mark from fresh n
      join jackfield.destination_found f on f.destination_id = $1 and f.entity = $3 and f.source_id = n.source_id
        and lower(f.source_crm) = lower($4) and ($5::text is null or f.source_host in ('', $5))
      where not exists (select from jackfield.destination_row d
        where d.destination_id = $1 and d.entity = $3 and d.row_id = f.row_id)
        and (f.row_id = n.id or not exists (select from jackfield.synced_table t
          join jackfield.record o on o.table_id = t.id and o.id = f.row_id where t.entity = $3))
      order by f.row_id, n.id),
    adopted as (select distinct on (id) id, row_id, mark from adoptable order by id, row_id <> id, row_id)
    insert into jackfield.destination_row as d (destination_id, record_id, table_id, entity, row_id, adopted, sent, mark)
    select $1, n.id, $2, $3, coalesce(a.row_id, case when exists (select from jackfield.destination_row d
        where d.destination_id = $1 and d.entity = $3 and d.row_id = n.id) then gen_random_uuid() else n.id end),
      a.row_id is not null and a.row_id <> n.id, a.row_id is not null, a.mark
    from fresh n left join adopted a on a.id = n.id
    on conflict (destination_id, record_id) do update set asked = d.asked + 1, not_before = null, tries = 0`,
}

export async function askFor(tx: Transaction, ask: Ask, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return
  await tx.query({ ...ASK, values: [ask.destinationId, ask.tableId, ask.entity, ask.label, ask.host, recordIds] })
}

/** Rows that are due, accounts before the contacts that point at them. */
export async function dueRows(db: Queryable, destinationId: string, limit: number): Promise<DueRow[]> {
  const { rows } = await db.query<DueRow>({
    name: 'destination-due',
    text: `select record_id as "recordId", table_id as "tableId", entity, row_id as "rowId", state, asked, sent,
        (extract(epoch from clock_timestamp() - written_at) * 1000)::float8 as "sentAgo", tries, hash, mark
      from jackfield.destination_row
      where destination_id = $1 and asked > done and (not_before is null or not_before <= clock_timestamp())
      order by destination_id, entity, record_id limit $2`,
    values: [destinationId, limit],
  })
  return rows
}

/** What the hub holds of these records. */
export interface HeldRecord {
  id: string
  sourceId: string
  source: string | null
  lives: boolean
}

export async function heldRecords(
  db: Queryable,
  tableId: number,
  ids: readonly string[],
): Promise<Map<string, HeldRecord>> {
  const { rows } = await db.query<HeldRecord>({
    name: 'destination-records',
    text: `select id, source_id as "sourceId", source,
        deleted_at is null and out_of_scope_at is null and source is not null as lives
      from jackfield.record where table_id = $1 and id = any($2::uuid[])`,
    values: [tableId, ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
}

/** The rows of those records that have one now. */
export async function rowIdsOf(
  db: Queryable,
  destinationId: string,
  recordIds: readonly string[],
): Promise<Map<string, string>> {
  if (recordIds.length === 0) return new Map()
  const { rows } = await db.query<{ recordId: string; rowId: string }>({
    name: 'destination-row-ids',
    text: `select record_id as "recordId", row_id as "rowId" from jackfield.destination_row
      where destination_id = $1 and record_id = any($2::uuid[]) and state in ('written', 'deactivated', 'kept')`,
    values: [destinationId, [...new Set(recordIds)]],
  })
  return new Map(rows.map(({ recordId, rowId }) => [recordId, rowId]))
}

/**
 * Before their requests leave: from now on nobody knows what stands there, until the outcome is stored. Whoever takes over
 * from a worker that died in between reads the rows first.
 */
export async function markSent(tx: Transaction, destinationId: string, recordIds: readonly string[]): Promise<void> {
  await tx.query({
    name: 'destination-sent',
    text: `update jackfield.destination_row set sent = true, mark = null, written_at = clock_timestamp()
      where destination_id = $1 and record_id = any($2::uuid[])`,
    values: [destinationId, recordIds],
  })
}

export interface RowProblem {
  code: string
  message: string
  mend: string | null
  field: string | null
  vendor: { status: number | null; code: string | null; text: string | null } | null
}

/** How a row's turn ended. What was asked for meanwhile leaves it due. */
export interface Settled {
  recordId: string
  state: DueRow['state']
  /** The `asked` that it was looked at under; null: it stays due. */
  done: bigint | null
  hash: bigint | null
  mark: Mark | null
  awaits: string[]
  problem: RowProblem | null
  /** It was written just now. */
  wrote: boolean
  /** The row stood there, and does no more. */
  left: boolean
  /** Milliseconds until it is tried again. */
  pauseMs: number | null
}

export async function settleRows(tx: Transaction, destinationId: string, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return
  const given = settled.map((one) => ({
    ...one,
    done: one.done === null ? null : String(one.done),
    hash: one.hash === null ? null : String(one.hash),
    mark: one.mark === null ? null : markLiteral(one.mark),
    awaits: one.awaits.length === 0 ? null : `{${one.awaits.join(',')}}`,
  }))
  await tx.query({
    name: 'destination-settle',
    text: `update jackfield.destination_row d set state = s.state, done = coalesce(s.done, d.done), hash = s.hash,
        mark = s.mark::bigint[], awaits = s.awaits::uuid[], tries = case when s.done is null then d.tries + 1 else 0 end,
        problem = case when s.problem is null then null
          else s.problem || jsonb_build_object('since', coalesce(d.problem->'since', to_jsonb(now()))) end,
        written_at = case when s.wrote then clock_timestamp() else d.written_at end,
        sent = d.sent and s.state <> 'deleted',
        not_before = clock_timestamp() + make_interval(secs => s."pauseMs" / 1000)
      from jsonb_to_recordset($2::jsonb) as s("recordId" uuid, state text, done bigint, hash bigint, mark text, awaits text,
        problem jsonb, wrote boolean, "pauseMs" float8)
      where d.destination_id = $1 and d.record_id = s."recordId"`,
    values: [destinationId, storableJson(given)],
  })
}

/** What points at these records stands there without its target by now; it is written anew once that is back. */
export async function askPointers(
  tx: Transaction,
  destination: Destination,
  recordIds: readonly string[],
): Promise<void> {
  if (recordIds.length === 0) return
  await tx.query({
    name: 'destination-ask-pointers',
    text: `update jackfield.destination_row d set asked = d.asked + 1, hash = null
      from jackfield.destination_row gone
      join jackfield.record r on r.table_id = gone.table_id and r.id = gone.record_id
      join jackfield.synced_table t on t.id = gone.table_id
      join jackfield.synced_table sibling on sibling.connection_id = t.connection_id
      join jackfield.relation l on l.target_source_id = lower(r.source_id) and l.table_id = sibling.id
      where gone.destination_id = $1 and gone.record_id = any($2::uuid[])
        and d.destination_id = $1 and d.record_id = l.record_id and d.record_id <> gone.record_id`,
    values: [destination.id, recordIds],
  })
}

/** Rows that waited for one that has come; answers how many. */
export async function askAwaiting(db: Queryable, destinationId: string): Promise<number> {
  const { rowCount } = await db.query({
    name: 'destination-ask-awaiting',
    text: `update jackfield.destination_row d set asked = d.asked + 1, awaits = null
      where d.destination_id = $1 and d.awaits is not null and exists (
        select from jackfield.destination_row t where t.destination_id = $1 and t.record_id = any(d.awaits)
          and t.state in ('written', 'deactivated', 'kept'))`,
    values: [destinationId],
  })
  return rowCount ?? 0
}

/** Looks at rows again that the destination did not take; answers how many. */
export async function askParked(db: Queryable, destinationId: string): Promise<number> {
  const { rowCount } = await db.query({
    name: 'destination-ask-parked',
    text: `update jackfield.destination_row set asked = asked + 1, not_before = null, tries = 0
      where destination_id = $1 and problem is not null`,
    values: [destinationId],
  })
  return rowCount ?? 0
}

export interface ParkedRow {
  recordId: string
  tableId: number
  entity: DestinationEntity
  rowId: string
  problem: RowProblem & { since: string }
}

/** By record id; the cursor is the last one. */
export async function parkedRows(
  db: Queryable,
  destinationId: string,
  page: { cursor: string | null; limit: number },
): Promise<ParkedRow[]> {
  const { rows } = await db.query<ParkedRow>({
    name: 'destination-parked',
    text: `select record_id as "recordId", table_id as "tableId", entity, row_id as "rowId", problem
      from jackfield.destination_row where destination_id = $1 and problem is not null
        and ($2::uuid is null or record_id > $2) order by record_id limit $3`,
    values: [destinationId, page.cursor, page.limit],
  })
  return rows
}

export interface Progress {
  rows: number
  due: number
  written: number
  parked: number
  awaiting: number
}

export async function progressOf(db: Queryable, destinationId: string): Promise<Progress> {
  const { rows } = await db.query<Progress>({
    name: 'destination-progress',
    text: `select count(*)::int as rows, (count(*) filter (where asked > done))::int as due,
        (count(*) filter (where state = 'written'))::int as written,
        (count(*) filter (where problem is not null and asked = done))::int as parked,
        (count(*) filter (where awaits is not null))::int as awaiting
      from jackfield.destination_row where destination_id = $1`,
    values: [destinationId],
  })
  return rows[0]!
}

import { HubError } from '#core/errors.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import { storableJson } from '#database/storable-json.ts'
import { type Mark, markLiteral } from '#model/mark.ts'
import {
  type Base,
  type OutboxRow,
  openStates,
  transitions,
  type WriteOperation,
  type WriteProblem,
  type WriteResult,
  type WriteState,
} from './write.ts'

const COLUMNS = `o.id, o.number, o.connection_id as "connectionId", o.table_id as "tableId", t.entity,
  o.record_id as "recordId", o.source_id as "sourceId", o.operation, o.fields, o.expected_mark as "expectedMark",
  o.write_key as "writeKey", o.state, o.attempts, o.not_before as "notBefore", o.base, o.answer_lost as "answerLost",
  o.problem, o.result, o.requested_by as "requestedBy",
  o.person_id as "personId", o.created_at as "createdAt", o.sent_at as "sentAt",
  o.done_at as "doneAt"`
const FROM = 'jackfield.outbox o join jackfield.synced_table t on t.id = o.table_id'
const OPEN = `('${openStates.join("', '")}')`

/** A base as jsonb holds it: digits beyond a double's precision are kept as text. */
interface StoredBase {
  operation: Base['operation']
  mark: string[] | null
}

type StoredRow = Omit<OutboxRow, 'base'> & { base: StoredBase | null }

const fromStored = (row: StoredRow): OutboxRow => ({
  ...row,
  base: row.base && { operation: row.base.operation, mark: row.base.mark?.map(BigInt) ?? null },
})

const toStored = (base: Base | null): string | null =>
  base && JSON.stringify({ operation: base.operation, mark: base.mark?.map(String) ?? null } satisfies StoredBase)

export interface NewWrite {
  id: string
  connectionId: string
  tableId: number
  recordId: string
  sourceId: string
  operation: OutboxRow['operation']
  fields: Record<string, unknown>
  expectedMark: Mark | null
  writeKey: string
  requestedBy: string
  personId: string | null
}

const INSERT = {
  name: 'outbox-insert',
  text: `insert into jackfield.outbox
      (id, connection_id, table_id, record_id, source_id, operation, fields, expected_mark, write_key, state, requested_by,
        person_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'kept', $10, $11) on conflict (connection_id, write_key) do nothing`,
}

// A create that leaves the id to the CRM is the same by its key alone: by now the row may have that id.
// jsonb equality: the order of keys and the spelling of numbers are no difference.
const SAME = {
  name: 'outbox-same',
  text: `select ${COLUMNS}, o.table_id = $3 and (o.source_id = $4 or $4 like 'new:%') and o.operation = $5 and o.fields = $6::jsonb
      and o.expected_mark is not distinct from $7::bigint[] and o.person_id is not distinct from $8::uuid as same
    from ${FROM} where o.connection_id = $1 and o.write_key = $2`,
}

/** Keeps a write, or finds the first one with its key; `same` is false when that one asked for something else. */
export async function insertWrite(db: Queryable, write: NewWrite): Promise<{ row: OutboxRow; same: boolean }> {
  const fields = JSON.stringify(write.fields)
  const mark = write.expectedMark && markLiteral(write.expectedMark)
  const { id, connectionId, tableId, recordId, sourceId, operation, writeKey, requestedBy, personId } = write
  await db.query({
    ...INSERT,
    values: [id, connectionId, tableId, recordId, sourceId, operation, fields, mark, writeKey, requestedBy, personId],
  })
  const values = [connectionId, writeKey, tableId, sourceId, operation, fields, mark, personId]
  const { rows } = await db.query<StoredRow & { same: boolean }>({ ...SAME, values })
  const { same, ...row } = rows[0]!
  return { row: fromStored(row), same }
}

// The first open write of each record, when its time has come: the later ones of that record wait for it.
const DUE = {
  name: 'outbox-due',
  text: `select ${COLUMNS} from ${FROM}
    where o.connection_id = $1 and o.state in ${OPEN} and o.not_before <= clock_timestamp()
      and o.record_id <> all($2::uuid[])
      and exists (select from jackfield.connection c where c.id = $1 and c.state in ('active', 'needs_attention'))
      and not exists (select 1 from jackfield.outbox e
        where e.record_id = o.record_id and e.number < o.number and e.state in ${OPEN})
    order by o.number limit $3`,
}

export async function dueWrites(
  db: Queryable,
  connectionId: string,
  options: { busyRecords: readonly string[]; limit: number },
): Promise<OutboxRow[]> {
  const values = [connectionId, `{${options.busyRecords.join(',')}}`, options.limit]
  return (await db.query<StoredRow>({ ...DUE, values })).rows.map(fromStored)
}

// A connection that broke is tried: its session says whether it is mended. A paused one waits.
const WAITING = {
  name: 'outbox-waiting',
  text: `select c.id from jackfield.connection c where c.state in ('active', 'needs_attention')
    and exists (select 1 from jackfield.outbox o
      where o.connection_id = c.id and o.state in ${OPEN} and o.not_before <= clock_timestamp())`,
}

/** Connections with writes whose time has come. */
export async function waitingConnections(db: Queryable): Promise<string[]> {
  return (await db.query<{ id: string }>(WAITING)).rows.map((row) => row.id)
}

const NEXT = {
  name: 'outbox-next',
  text: `select extract(epoch from min(o.not_before) - clock_timestamp())::float8 * 1000 as ms
    from jackfield.outbox o join jackfield.connection c on c.id = o.connection_id
    where o.connection_id = $1 and o.state in ${OPEN} and c.state in ('active', 'needs_attention')`,
}

/** Milliseconds until the connection's next write is due (none or negative: now); null when none is open. */
export async function untilNextDue(db: Queryable, connectionId: string): Promise<number | null> {
  return (await db.query<{ ms: number | null }>({ ...NEXT, values: [connectionId] })).rows[0]?.ms ?? null
}

const FIND = { name: 'outbox-find', text: `select ${COLUMNS} from ${FROM} where o.id = $1` }

export async function findWrite(db: Queryable, id: string): Promise<OutboxRow> {
  const row = (await db.query<StoredRow>({ ...FIND, values: [id] })).rows[0]
  if (!row) throw new HubError('resource.not_found', `There is no write ${id}`)
  return fromStored(row)
}

// The latest write of this record before this one that could have made it.
const MAKER = {
  name: 'outbox-maker',
  text: `select o.id, o.operation, o.state, o.problem->>'message' as message from jackfield.outbox o
    where o.record_id = $1 and o.number < $2 and o.operation in ('create', 'upsert') order by o.number desc limit 1`,
}

export interface Maker {
  id: string
  operation: WriteOperation
  state: WriteState
  message: string | null
}

export async function earlierCreate(db: Queryable, row: Pick<OutboxRow, 'recordId' | 'number'>): Promise<Maker | null> {
  const values = [row.recordId, row.number]
  return (await db.query<Maker>({ ...MAKER, values })).rows[0] ?? null
}

/** What a step changes; what is absent stays as it was. */
export interface StepChange {
  base?: Base | null
  answerLost?: boolean
  problem?: WriteProblem | null
  result?: WriteResult | null
  /** The next look is not before so many milliseconds from now, by Postgres' clock. */
  delayMs?: number
  /** A request is about to go out. */
  goesOut?: true
  /** Other ones are asked for than before. */
  fields?: OutboxRow['fields']
  /** The ids that the CRM chose and ours that follows from it. */
  ids?: { sourceId: string; recordId: string }
}

const MOVE = {
  name: 'outbox-move',
  text: `update jackfield.outbox o set state = $4, attempts = o.attempts + $5::integer, base = $6, answer_lost = $7,
      problem = $8, result = $9, source_id = coalesce($11, o.source_id), record_id = coalesce($12::uuid, o.record_id),
      fields = coalesce($13::jsonb, o.fields),
      not_before = clock_timestamp() + make_interval(secs => $10),
      sent_at = case when $5::integer > 0 then clock_timestamp() else o.sent_at end,
      done_at = case when $4 in ('done', 'failed', 'cancelled') then clock_timestamp() end
    from jackfield.synced_table t
    where o.id = $1 and o.state = $2 and o.attempts = $3 and t.id = o.table_id
    returning ${COLUMNS}`,
}

/**
 * Takes one step, if the write still stands where the caller saw it; null when someone else took a step meanwhile. A
 * worker proves its lease in the same transaction.
 */
export async function move(
  db: Transaction | Queryable,
  row: OutboxRow,
  to: WriteState,
  change: StepChange = {},
): Promise<OutboxRow | null> {
  if (!transitions[row.state].includes(to)) {
    throw new HubError('internal', `A write cannot go from '${row.state}' to '${to}'`)
  }
  const merged = { ...row, ...change }
  const values = [
    row.id,
    row.state,
    row.attempts,
    to,
    change.goesOut ? 1 : 0,
    toStored(merged.base),
    merged.answerLost,
    merged.problem && storableJson(merged.problem),
    merged.result && storableJson(merged.result),
    (change.delayMs ?? 0) / 1000,
    change.ids?.sourceId ?? null,
    change.ids?.recordId ?? null,
    change.fields ? JSON.stringify(change.fields) : null,
  ]
  const { rows } = await db.query<StoredRow>({ ...MOVE, values })
  return rows[0] ? fromStored(rows[0]) : null
}

// Tried again once for an account: it came after the attempt, or while that was under way.
const RELINKED = {
  name: 'outbox-relinked',
  text: `select o.id from jackfield.outbox o
    join jackfield.authentication a on a.connection_id = o.connection_id and a.person_id = o.person_id
    where o.state = 'failed' and o.problem->>'code' = 'linked_account.needed' and a.problem is null
      and a.created_at > o.sent_at - interval '1 minute'
    order by o.number limit 1000`,
}

/** Writes that failed for want of their person's own account, which is there now; in the order of acceptance. */
export async function writesRelinked(db: Queryable): Promise<string[]> {
  return (await db.query<{ id: string }>(RELINKED)).rows.map((row) => row.id)
}

export interface WriteQuery {
  connectionId?: string
  recordId?: string
  state?: WriteState
  /** As the last answer gave it. */
  cursor?: string
  limit: number
}

const LIST = {
  name: 'outbox-list',
  text: `select ${COLUMNS} from ${FROM}
    where ($1::uuid is null or o.connection_id = $1) and ($2::uuid is null or o.record_id = $2)
      and ($3::text is null or o.state = $3) and ($4::bigint is null or o.number < $4)
    order by o.number desc limit $5`,
}

/** Newest first. */
export async function listWrites(
  db: Queryable,
  query: WriteQuery,
): Promise<{ writes: OutboxRow[]; next: string | null }> {
  if (query.cursor !== undefined && !/^\d{1,18}$/.test(query.cursor)) {
    throw new HubError('input.invalid', 'The cursor is none that this list gave', { field: 'cursor' })
  }
  const { connectionId = null, recordId = null, state = null, cursor = null, limit } = query
  const { rows } = await db.query<StoredRow>({ ...LIST, values: [connectionId, recordId, state, cursor, limit] })
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { writes: rows.map(fromStored), next: last ? String(last.number) : null }
}

import { HubError } from '#core/errors.ts'
import { inTransaction, type Pool, type Queryable } from '#database/pool.ts'
import type { ActName, Actor, Details, Outcome, Subject } from './act.ts'
import type { Opened, PersonKeys } from './person-key.ts'

/** One act as people read it: what began and its outcome are one. */
export interface ListedAct {
  id: string
  at: Date
  actor: Actor
  sessionId: string | null
  act: ActName
  subject: Subject | null
  /** `begun`: no outcome is known. */
  outcome: Outcome
  details: Details
  /** What a look-up found. */
  result: Details | null
  /** By owner; null where the person was erased. */
  personal: Opened
  cursor: string
}

export interface ActQuery {
  /** The actor's id. */
  actor?: string
  act?: ActName
  /** The subject's id. */
  subject?: string
  outcome?: Outcome
  from?: Date
  /** Before this. */
  to?: Date
  /** As the last act of the page before has it. */
  cursor?: string
  limit: number
}

interface Row {
  xid: bigint
  id: string
  at: Date
  actorKind: Actor['kind']
  actorId: string
  sessionId: string | null
  act: ActName
  subjectKind: string | null
  subjectId: string | null
  outcome: Outcome
  details: Details
  result: Details | null
  personal: Record<string, string | null> | null
}

const COLUMNS = `a.xid, a.id, a.at, a.actor_kind as "actorKind", a.actor_id as "actorId", a.session_id as "sessionId", a.act,
  a.subject_kind as "subjectKind", a.subject_id as "subjectId", a.outcome, a.details, a.result, a.personal`

/** Clocks are set back; blocks around a time are read for so much longer. */
const clockSlack = `interval '10 minutes'`

/** Newest first. */
export async function listActs(pool: Pool, persons: PersonKeys, query: ActQuery): Promise<ListedAct[]> {
  const rows = query.subject === undefined ? await find(pool, query) : await findBySubject(pool, query)
  const opened = await persons.openAll(pool, rows)
  return rows.map((row, i) => toListed(row, opened[i]!))
}

async function find(db: Queryable, query: ActQuery): Promise<Row[]> {
  const { text, values } = listing(query)
  // Without a name: planned for these values, since the best way hangs on how often an actor or act occurs.
  return (await db.query<Row>(text, values)).rows
}

/** Postgres thinks that a BRIN index of values in no order spares nothing, and knows nothing of Bloom filters. */
function findBySubject(pool: Pool, query: ActQuery): Promise<Row[]> {
  return inTransaction(pool, async (tx) => {
    await tx.query('set local enable_seqscan = off')
    return find(tx, query)
  })
}

function listing(query: ActQuery): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const value = (given: unknown) => `$${values.push(given)}`
  const where: string[] = []
  const { actor, act, subject, outcome, from, to, cursor } = query
  if (actor !== undefined) where.push(`a.actor_id = ${value(actor)}`)
  if (act !== undefined) where.push(`a.act = ${value(act)}`)
  if (outcome !== undefined) where.push(`a.outcome = ${value(outcome)}`)
  if (from !== undefined) where.push(...sinceTime(value(from)))
  if (to !== undefined) where.push(...untilTime(value(to)))
  if (cursor !== undefined) {
    const [xid, id] = readCursor(cursor)
    where.push(`(a.xid, a.id) < (${value(xid)}::bigint, ${value(id)}::uuid)`)
  }
  // What began is shown as its outcome once that is known. Not by `exists`, which may gather all outcomes beforehand.
  where.push(`(a.outcome <> 'begun' or (select true from jackfield.act o where o.begun = a.id limit 1) is null)`)
  // The fence keeps a subject's few rows from being sought along the whole log.
  const source =
    subject === undefined
      ? 'jackfield.act a'
      : `(select * from jackfield.act s where s.subject_id = ${value(subject)} offset 0) a`
  const text = `select ${COLUMNS} from ${source} where ${where.join(' and ')} order by a.xid desc, a.id desc limit ${value(query.limit)}`
  return { text, values }
}

// Times are told by the blocks: what a block holds was written before it was sealed, and what is numbered from its
// next transaction on after that. So no index by time is needed.
const sinceTime = (time: string) => [
  `a.at >= ${time}`,
  `a.xid >= coalesce((select b.last_xid from jackfield.act_block b where b.dropped_at is null and b.sealed_at < ${time} - ${clockSlack} order by b.sealed_at desc limit 1), 0)`,
]
const untilTime = (time: string) => [
  `a.at < ${time}`,
  `a.xid < coalesce((select b.next_xid from jackfield.act_block b where b.dropped_at is null and b.sealed_at > ${time} + ${clockSlack} order by b.sealed_at limit 1), 9223372036854775807)`,
]

const cursorForm = /^(\d{1,18})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

function readCursor(cursor: string): [string, string] {
  const [, xid, id] = cursorForm.exec(cursor) ?? []
  if (xid !== undefined && id !== undefined) return [xid, id]
  throw new HubError('input.invalid', 'The cursor is none that this list gave', { field: 'cursor' })
}

function toListed(row: Row, personal: Opened): ListedAct {
  const { xid, id, at, sessionId, act, outcome, details, result } = row
  return {
    ...{ id, at, sessionId, act, outcome, details, result, personal },
    actor: { kind: row.actorKind, id: row.actorId },
    subject: row.subjectKind === null ? null : { kind: row.subjectKind, id: row.subjectId! },
    cursor: `${xid}.${id}`,
  }
}

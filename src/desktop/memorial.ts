import type { Queryable, Transaction } from '#database/pool.ts'
import type { WriteOperation, WriteProblem, WriteState } from '#outbox/write.ts'

/** What was last handed to the outbox for one record of an interaction. */
export interface Memorial {
  interactionId: string
  /** `activity`, or the id of the linked or related record. */
  target: string
  connectionId: string
  entity: string
  recordId: string | null
  sourceId: string | null
  fields: Record<string, unknown>
  revision: number
  writeId: string | null
  /** Why nothing could be asked for. */
  problem: { code: string; message: string; mend: string | null; since: string } | null
  cut: string[]
  /** Of the latest write; null where the outbox no longer has it, which it does of what was done. */
  writeState: WriteState | null
  writeOperation: WriteOperation | null
  writeProblem: WriteProblem | null
  /** The record as the outbox knows it by now: a CRM may have chosen its id. */
  writtenRecordId: string | null
  writtenSourceId: string | null
}

/** The interaction's own activity. */
export const activityTarget = 'activity'

const MEMORIALS = {
  name: 'memorials',
  text: `select m.interaction_id as "interactionId", m.target, m.connection_id as "connectionId", m.entity,
      m.record_id as "recordId", m.source_id as "sourceId", m.fields, m.revision, m.write_id as "writeId", m.problem, m.cut,
      o.state as "writeState", o.operation as "writeOperation", o.problem as "writeProblem", o.record_id as "writtenRecordId",
      o.source_id as "writtenSourceId"
    from jackfield.memorial m left join jackfield.outbox o on o.id = m.write_id
    where m.interaction_id = any($1::uuid[]) order by m.target <> '${activityTarget}', m.target`,
}

export async function memorialsOf(db: Queryable, ids: readonly string[]): Promise<Map<string, Memorial[]>> {
  const { rows } = await db.query<Memorial>({ ...MEMORIALS, values: [ids] })
  return Map.groupBy(rows, ({ interactionId }) => interactionId)
}

/** How far one record's part got, in the words of docs/desktop.md. */
export function stateOfMemorial({ writeId, writeState, problem }: Memorial) {
  if (problem) return 'failed' as const
  // What the outbox no longer has was done long ago.
  if (writeId === null || writeState === null || writeState === 'done') return 'done' as const
  if (writeState === 'failed' || writeState === 'unknown' || writeState === 'cancelled') return writeState
  return 'waiting' as const
}

/** Made in the CRM, or perhaps made: its address there leads somewhere. */
export function mayBeThere({ writeOperation, writeState }: Memorial): boolean {
  return writeOperation !== 'create' || writeState === 'done' || writeState === 'unknown'
}

/** What was handed over just now, in the transaction that keeps the write. */
export async function saveMemorial(
  tx: Transaction,
  memorial: Pick<
    Memorial,
    | 'interactionId'
    | 'target'
    | 'connectionId'
    | 'entity'
    | 'recordId'
    | 'sourceId'
    | 'fields'
    | 'revision'
    | 'writeId'
    | 'problem'
    | 'cut'
  >,
): Promise<void> {
  const { interactionId, target, connectionId, entity, recordId, sourceId, fields, revision, writeId } = memorial
  await tx.query({
    name: 'memorial-save',
    text: `insert into jackfield.memorial (interaction_id, target, connection_id, entity, record_id, source_id, fields,
        revision, write_id, problem, cut)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict (interaction_id, target) do update set record_id = $5, source_id = $6, fields = $7, revision = $8,
        told = case when (jackfield.memorial.write_id, jackfield.memorial.fields) is distinct from ($9::uuid, $7::jsonb)
          then null else jackfield.memorial.told end,
        write_id = $9, problem = $10, cut = $11, at = clock_timestamp()`,
    values: [
      ...[interactionId, target, connectionId, entity, recordId, sourceId, JSON.stringify(fields), revision, writeId],
      ...[memorial.problem && JSON.stringify(memorial.problem), memorial.cut],
    ],
  })
}

const SINCE = {
  name: 'memorials-since',
  text: `select distinct n.name from unnest($3::text[]) as n(name), jackfield.memorial o, jackfield.memorial own
    where own.interaction_id = $2 and own.record_id = $1 and o.record_id = $1 and o.interaction_id <> $2
      and o.at > own.at and o.fields->>n.name is not null`,
}

/** Of these fields of a record, those that another interaction filled since: what stands there is no longer of this one. */
export async function filledSince(
  db: Queryable,
  { recordId, interactionId }: Pick<Memorial, 'recordId' | 'interactionId'>,
  names: readonly string[],
): Promise<Set<string>> {
  if (names.length === 0 || recordId === null) return new Set()
  const { rows } = await db.query<{ name: string }>({ ...SINCE, values: [recordId, interactionId, names] })
  return new Set(rows.map(({ name }) => name))
}

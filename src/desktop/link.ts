import { HubError } from '#core/errors.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'
import { type Finder, findRecord } from '#records/find.ts'
import { lockInteraction, touchInteraction } from './store.ts'

export interface InteractionLink {
  recordId: string
  connectionId: string
  entity: string
  sourceId: string
  pinned: boolean
  by: string
  at: Date
  /** Whether the CRM has yet to make the record, and whether it still may. */
  made: 'yes' | 'not yet' | 'failed'
}

/** A record that is linked by somebody, or by the search. */
export interface Linkable {
  id: string
  connectionId: string
  entity: string
  source: { id: string }
}

/** Who links where nobody does it by hand. */
export const bySearch = 'search'

// What somebody took off stays off, unless somebody links it again.
const LINK = {
  name: 'interaction-link',
  text: `insert into jackfield.interaction_link as l
      (interaction_id, record_id, connection_id, entity, source_id, linked, linked_by, write_id)
    values ($1, $2, $3, $4, $5, true, $6, $7)
    on conflict (interaction_id, record_id) do update set linked = true, linked_by = excluded.linked_by,
        source_id = excluded.source_id, at = clock_timestamp()
      where not l.linked and excluded.linked_by <> '${bySearch}'`,
}

/** `writeId`: of the write that makes the record; null where it is there. */
export async function linkRecord(
  tx: Transaction,
  id: string,
  record: Linkable,
  { by, writeId = null }: { by: string; writeId?: string | null },
): Promise<boolean> {
  const values = [id, record.id, record.connectionId, record.entity, record.source.id, by, writeId]
  return (await tx.query({ ...LINK, values })).rowCount === 1
}

/** Links what the agent sees; throws record.not_found for what they do not. */
export async function linkByHand(
  { pool, finder }: { pool: Pool; finder: Finder },
  id: string,
  { recordId, by }: { recordId: string; by: string },
): Promise<void> {
  const record = await findRecord(pool, finder, recordId)
  if (record.deletedAt) throw new HubError('record.not_found', 'The record was deleted in the CRM')
  await inTransaction(pool, async (tx) => {
    await lockInteraction(tx, id)
    await linkRecord(tx, id, record, { by })
    await touchInteraction(tx, id)
  })
}

const UNLINK = {
  name: 'interaction-unlink',
  text: `update jackfield.interaction_link set linked = false, pinned = false, linked_by = $3, at = clock_timestamp()
    where interaction_id = $1 and record_id = $2 and linked`,
}

/** Twice is as good as once. */
export async function unlink(
  pool: Pool,
  id: string,
  { recordId, by }: { recordId: string; by: string },
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await lockInteraction(tx, id)
    await tx.query({ ...UNLINK, values: [id, recordId, by] })
    await touchInteraction(tx, id)
  })
}

/** A pinned record stays first on the card. Only one that is linked can be pinned. */
export async function pin(pool: Pool, id: string, recordId: string, pinned: boolean): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await lockInteraction(tx, id)
    await tx.query(
      'update jackfield.interaction_link set pinned = $3 where interaction_id = $1 and record_id = $2 and linked',
      [id, recordId, pinned],
    )
    await touchInteraction(tx, id)
  })
}

/** The records that interactions are linked to, pinned ones first. */
export async function linksOf(db: Queryable, ids: readonly string[]): Promise<Map<string, InteractionLink[]>> {
  const { rows } = await db.query<InteractionLink & { interactionId: string }>({
    name: 'interaction-links',
    text: `select k.interaction_id as "interactionId", k.record_id as "recordId", k.connection_id as "connectionId", k.entity,
        k.source_id as "sourceId", k.pinned, k.linked_by as by, k.at, case when k.write_id is null then 'yes'
          when o.state in ('kept', 'sending', 'sent', 'done') then 'not yet' else 'failed' end as made
      from jackfield.interaction_link k left join jackfield.outbox o on o.id = k.write_id
      where k.interaction_id = any($1::uuid[]) and k.linked order by k.pinned desc, k.at, k.record_id`,
    values: [ids],
  })
  return Map.groupBy(rows, ({ interactionId }) => interactionId) as Map<string, InteractionLink[]>
}

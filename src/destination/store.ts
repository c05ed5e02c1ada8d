import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import { storableJson } from '#database/storable-json.ts'
import type { Destination, DestinationProblem, DestinationState, OnDelete } from './destination.ts'
import type { DestinationEntity } from './entities.ts'
import type { MappingChange } from './mapping.ts'
import { longestLabel } from './sources.ts'

const COLUMNS = `id, connection_id as "connectionId", state, on_delete as "onDelete", entities, mapping,
  mapping_version as "mappingVersion", labels, cursor, listed_at as "listedAt", figure, figure_asked_at as "figureAskedAt",
  figure_repairs as "figureRepairs", problem, created_at as "createdAt", changed_at as "changedAt"`

export async function listDestinations(db: Queryable): Promise<Destination[]> {
  const { rows } = await db.query<Destination>({
    name: 'destinations-list',
    text: `select ${COLUMNS} from jackfield.destination where state <> 'removed' order by created_at, id`,
  })
  return rows
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Throws resource.not_found. */
export async function findDestination(db: Queryable, id: string): Promise<Destination> {
  const { rows } = uuid.test(id)
    ? await db.query<Destination>({
        name: 'destination-find',
        text: `select ${COLUMNS} from jackfield.destination where id = $1 and state <> 'removed'`,
        values: [id],
      })
    : { rows: [] }
  const [found] = rows
  if (found) return found
  throw new HubError('resource.not_found', `There is no destination ${id.slice(0, 60)}`)
}

/** One that was removed comes back with what it knows of its rows, so that none is doubled; null when it is there already. */
export async function insertDestination(
  db: Queryable,
  given: { connectionId: string; onDelete: OnDelete; entities: readonly DestinationEntity[] },
): Promise<Destination | null> {
  const { rows } = await db.query<Destination>({
    name: 'destination-insert',
    text: `insert into jackfield.destination as d (id, connection_id, state, on_delete, entities)
      values ($1, $2, 'paused', $3, $4)
      on conflict (connection_id) do update set state = 'paused', on_delete = excluded.on_delete,
        entities = excluded.entities, listed_at = null, problem = null, changed_at = now()
      where d.state = 'removed' returning ${COLUMNS}`,
    values: [uuidv7(), given.connectionId, given.onDelete, given.entities],
  })
  return rows[0] ?? null
}

export async function moveDestination(db: Queryable, id: string, to: DestinationState): Promise<Destination> {
  const { rows } = await db.query<Destination>({
    name: 'destination-move',
    text: `update jackfield.destination set state = $2, problem = null, changed_at = now()
      where id = $1 and state <> 'removed' returning ${COLUMNS}`,
    values: [id, to],
  })
  return rows[0] ?? (await findDestination(db, id))
}

/** `mappingVersion`: only over this one; answers whether it was. */
export async function changeDestination(
  db: Queryable,
  id: string,
  change: { onDelete?: OnDelete; mapping?: MappingChange | null; mappingVersion?: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'destination-change',
    text: `update jackfield.destination set on_delete = coalesce($2, on_delete),
        mapping = case when $3 then $4::jsonb else mapping end,
        mapping_version = mapping_version + $3::int, changed_at = now()
      where id = $1 and ($5::int is null or mapping_version = $5)`,
    values: [
      id,
      change.onDelete ?? null,
      change.mapping !== undefined,
      change.mapping == null ? null : JSON.stringify(change.mapping),
      change.mappingVersion ?? null,
    ],
  })
  return rowCount === 1
}

export async function noteProblem(
  db: Queryable,
  id: string,
  problem: Omit<DestinationProblem, 'since'>,
): Promise<void> {
  await db.query({
    name: 'destination-problem',
    text: `update jackfield.destination set problem = $2::jsonb || jsonb_build_object('since',
        coalesce(case when problem->>'code' = $2::jsonb->>'code' then problem->'since' end, to_jsonb(now()))) where id = $1`,
    values: [id, storableJson(problem)],
  })
}

export async function clearProblem(db: Queryable, id: string): Promise<void> {
  await db.query({
    name: 'destination-well',
    text: 'update jackfield.destination set problem = null where id = $1 and problem is not null',
    values: [id],
  })
}

/** The comparison is made when what is due was written. */
export async function askFigure(db: Queryable, id: string, repairs: boolean): Promise<void> {
  await db.query({
    name: 'destination-figure-ask',
    text: `update jackfield.destination set figure_asked_at = now(),
        figure_repairs = $2 or (figure_repairs and figure_asked_at is not null) where id = $1`,
    values: [id, repairs],
  })
}

/**
 * The names of CRMs whose rows are projections. Where one is new, the organisation's own tables are read again with it,
 * and what is under way of them is not stored (sync.settings_changed).
 */
export async function addLabels(
  tx: Transaction,
  destination: Destination,
  labels: readonly string[],
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'destination-labels',
    text: `update jackfield.destination set labels = array(select distinct unnest(labels || $2::text[]) order by 1)
      where id = $1 and not labels @> $2::text[]`,
    values: [destination.id, labels],
  })
  if (!rowCount) return false
  await tx.query({
    name: 'destination-reread-own',
    text: `update jackfield.synced_table set rule_version = rule_version + 1, delta_link = null, read_since = null,
        next_pass_at = now(), changed_at = now()
      where connection_id = $1 and entity = any($2::text[])`,
    values: [destination.connectionId, destination.entities],
  })
  return true
}

/** Whether every record was looked at once. */
export async function isFilled(db: Queryable, id: string): Promise<boolean> {
  const { rows } = await db.query<{ filled: boolean }>({
    name: 'destination-is-filled',
    text: `select coalesce(bool_and(filled_at is not null), false) as filled
      from jackfield.destination_source where destination_id = $1`,
    values: [id],
  })
  return rows[0]!.filled
}

/**
 * Whether anything but the change feed asks for work, in one small query: an idle destination is looked at every half
 * second. Under the same conditions as the fill and the writer take up work.
 */
export async function hasWork(db: Queryable, id: string): Promise<boolean> {
  const { rows } = await db.query<{ due: boolean }>({
    name: 'destination-has-work',
    text: `select d.cursor is null or d.listed_at is null or d.figure_asked_at is not null or d.problem is not null
        or exists (select from jackfield.destination_row r where r.destination_id = d.id and r.asked > r.done
          and (r.not_before is null or r.not_before <= clock_timestamp()))
        or exists (select from jackfield.synced_table t join jackfield.connection c on c.id = t.connection_id
          left join jackfield.destination_source s on s.destination_id = d.id and s.table_id = t.id
          where t.connection_id <> d.connection_id and c.state <> 'removed' and t.enabled and t.first_pass_at is not null
            and t.entity = any(d.entities) and (s.table_id is null or s.filled_at is null
              or s.rule_version <> t.rule_version or s.mapping_version <> d.mapping_version
              or not left(nullif(btrim(c.settings->'definition'->>'name'), ''), ${longestLabel}) = any(d.labels))) as due
      from jackfield.destination d where d.id = $1`,
    values: [id],
  })
  return rows[0]?.due ?? false
}

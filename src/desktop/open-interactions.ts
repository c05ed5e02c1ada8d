import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import { differs } from './ledger.ts'
import { interactionColumns, type StoredInteraction } from './store.ts'

/** How long a closed one stays on the desktop, so that one sees what became of it. */
const staysMinutes = 10
/** On one desktop; nobody speaks to more at once. */
const mostOpen = 200

const OPEN = `(i.state <> 'closed' or i.closed_at > now() - interval '${staysMinutes} minutes')`
const MINE = `exists (select from jackfield.interaction_agent a
    where a.interaction_id = i.id and a.person_id = $1 and a.state <> 'left')`

/** Those on somebody's desktop, the longest first; of nobody in particular: everybody's. */
export async function openInteractions(db: Queryable, personId: string | null): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'interactions-on-desktop',
    text: `select i.id from jackfield.interaction i where ${OPEN} and ($1::uuid is null or ${MINE})
      order by i.state = 'closed', i.offered_at, i.id limit ${mostOpen}`,
    values: [personId],
  })
  return rows.map(({ id }) => id)
}

/** What changed in the last seconds, with who is on it. */
export interface Changed {
  id: string
  version: bigint
  /** People who have it on their desktop. */
  personIds: string[]
  onDesktop: boolean
}

// A change shows when its transaction is committed, which is later than its time: the look reaches back.
const CHANGED = {
  name: 'interactions-changed',
  text: `select i.id, i.version, ${OPEN} as "onDesktop",
      array(select a.person_id from jackfield.interaction_agent a
        where a.interaction_id = i.id and a.person_id is not null and a.state <> 'left') as "personIds"
    from jackfield.interaction i where i.changed_at > clock_timestamp() - interval '20 seconds' order by i.changed_at desc limit 1000`,
}

export async function changedInteractions(db: Queryable): Promise<Changed[]> {
  return (await db.query<Changed>(CHANGED)).rows
}

/** Whether somebody is, or was, on it. */
export async function isOn(db: Queryable, id: string, personId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'interaction-is-on',
    text: 'select from jackfield.interaction_agent where interaction_id = $1 and person_id = $2',
    values: [id, personId],
  })
  return rowCount === 1
}

export interface InteractionFilter {
  /** Those that this person is or was on; null: all. */
  personId: string | null
  /** `differing`: what is to stand in the CRM does not, or not yet. */
  state?: 'open' | 'closed' | 'differing'
  recordId?: string
  /** As the page before answered it. */
  cursor?: string
  limit: number
}

/** Newest first. */
export async function listInteractions(
  db: Queryable,
  { personId, state, recordId, cursor, limit }: InteractionFilter,
): Promise<{ interactions: StoredInteraction[]; next: string | null }> {
  const [at, after] = readCursor(cursor)
  const { rows } = await db.query<StoredInteraction>({
    name: 'interactions-list',
    text: `select ${interactionColumns} from jackfield.interaction i
      where ($1::uuid is null or exists (select from jackfield.interaction_agent a
          where a.interaction_id = i.id and a.person_id = $1))
        and ($2::text is null or $2 = 'differing' or (i.state = 'closed') = ($2 = 'closed'))
        and ($2 is distinct from 'differing' or ${differs})
        and ($3::uuid is null or exists (select from jackfield.interaction_link k
          where k.interaction_id = i.id and k.record_id = $3 and k.linked))
        and ($4::timestamptz is null or (i.offered_at, i.id) < ($4, $5))
      order by i.offered_at desc, i.id desc limit $6`,
    values: [personId, state ?? null, recordId ?? null, at, after, limit + 1],
  })
  const interactions = rows.slice(0, limit)
  const last = interactions.at(-1)
  const next = rows.length > limit && last ? `${last.offeredAt.getTime()}.${last.id}` : null
  return { interactions, next }
}

function readCursor(cursor: string | undefined): [Date | null, string | null] {
  if (cursor === undefined || cursor === '') return [null, null]
  const match = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (!match) throw new HubError('input.invalid', 'The cursor is not one that this hub gave', { field: 'cursor' })
  return [new Date(Number(match[1])), match[2]!]
}

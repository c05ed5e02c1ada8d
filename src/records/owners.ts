import type { Queryable } from '#database/pool.ts'
import type { SyncedTable } from './table.ts'

/** A user or team of a CRM, as the relations of its records name it. */
export interface OwnedBy {
  connectionId: string
  entity: string
  /** In lower case. */
  sourceId: string
}

const HELD = {
  name: 'owners-held',
  text: `select table_id as "tableId", source_id as "sourceId" from jackfield.record
    where table_id = any($1::int[]) and id = any($2::uuid[]) and deleted_at is null`,
}

// A membership is a row with two relations: to the user, and to the team that it is in.
const TEAMS = {
  name: 'owners-teams',
  text: `select t.table_id as "tableId", t.target_source_id as "sourceId"
    from unnest($1::text[], $2::int[]) as member(source_id, table_id)
    join jackfield.relation u on u.target_source_id = member.source_id and u.role = 'user' and u.table_id = member.table_id
    join jackfield.record r on r.table_id = u.table_id and r.id = u.record_id
      and r.deleted_at is null and r.out_of_scope_at is null
    cross join lateral (select substr(link, 6) as target_source_id, r.table_id from unnest(r.links) link
      where link like 'team:%') t`,
}

/** The users and teams of CRMs that these records are, with the CRM's teams that those users are in. */
export async function ownersOf(
  db: Queryable,
  tables: readonly SyncedTable[],
  recordIds: readonly string[],
): Promise<OwnedBy[]> {
  const byId = new Map(tables.map((table) => [table.id, table]))
  const { rows } = await db.query<{ tableId: number; sourceId: string }>({
    ...HELD,
    values: [[...byId.keys()], recordIds],
  })
  const named = rows.flatMap(({ tableId, sourceId }) => {
    const table = byId.get(tableId)
    return table ? [{ connectionId: table.connectionId, entity: table.entity, sourceId: sourceId.toLowerCase() }] : []
  })
  return [...named, ...(await teamsOf(db, tables, named))]
}

async function teamsOf(db: Queryable, tables: readonly SyncedTable[], named: OwnedBy[]): Promise<OwnedBy[]> {
  const memberships = tables.filter(({ mapping }) =>
    ['user', 'team'].every((role) => mapping.relations.some((relation) => relation.role === role)),
  )
  const asked = named.flatMap(({ connectionId, entity, sourceId }) =>
    memberships
      .filter((table) => entity === 'user' && table.connectionId === connectionId)
      .map((table) => ({ sourceId, table })),
  )
  if (asked.length === 0) return []
  const values = [asked.map(({ sourceId }) => sourceId), asked.map(({ table }) => table.id)]
  const { rows } = await db.query<{ tableId: number; sourceId: string }>({ ...TEAMS, values })
  return rows.map(({ tableId, sourceId }) => ({
    connectionId: memberships.find(({ id }) => id === tableId)!.connectionId,
    entity: 'team',
    sourceId,
  }))
}

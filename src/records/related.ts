import { recordId } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import { type Finder, findHeld, findRow, nameWithout, type Row } from './find.ts'
import { readLink } from './keys.ts'
import type { SyncedTable } from './table.ts'
import { hidesRole, isVisible, isWhole, type View, wholeView } from './view.ts'

export interface Related {
  role: string
  /** 'to': this record points there. 'from': that one points here. */
  direction: 'to' | 'from'
  /** Null: not (yet) in the hub, or not to be seen. */
  record: { id: string; entity: string; name: string | null } | null
  targetSourceId: string
}

const relatedLimit = 200

interface Seen {
  known: SyncedTable[]
  view: View
}

/** What a record points at and what points at it, whether it has arrived or not. */
export async function findRelated(db: Queryable, finder: Finder, id: string): Promise<Related[]> {
  const { view = wholeView } = finder
  const known = await finder.tables.all()
  const { row, table } = await findHeld(db, known, id, view)
  const siblings = known.filter((candidate) => candidate.connectionId === table.connectionId)
  const seen = { known: siblings, view }
  return [...(await pointedAt(db, seen, table, row)), ...(await pointingHere(db, seen, table, row))]
}

async function pointedAt(db: Queryable, { known, view }: Seen, table: SyncedTable, row: Row): Promise<Related[]> {
  const links = (row.links ?? []).map(readLink).filter(({ role }) => !hidesRole(table, view.of(table), role))
  const candidates = links.map((link) => {
    const entities = table.mapping.relations.find(({ role }) => role === link.role)?.entities ?? []
    return {
      link,
      ids: entities.map((entity) =>
        recordId({ crm: table.crm, organisation: table.organisation, entity, sourceId: link.target }),
      ),
    }
  })
  const found = await findRow(
    db,
    known.map((sibling) => sibling.id),
    candidates.flatMap(({ ids }) => ids),
  )
  return candidates.map(({ link, ids }) => {
    const target = found.find((candidate) => ids.includes(candidate.id) && candidate.deletedAt === null)
    return {
      role: link.role,
      direction: 'to',
      targetSourceId: link.target,
      record: target ? asTarget(target, known, view) : null,
    }
  })
}

function asTarget(row: Row, tables: SyncedTable[], view: View): Related['record'] {
  const table = tables.find((candidate) => candidate.id === row.tableId)
  if (!table || !isVisible(row, table, view.of(table))) return null
  return { id: row.id, name: nameWithout(row, table, view.of(table)), entity: table.entity }
}

async function pointingHere(db: Queryable, { known, view }: Seen, table: SyncedTable, row: Row): Promise<Related[]> {
  const { rows } = await db.query<Row & { role: string }>({
    name: 'record-pointing-here',
    text: `select l.role, r.table_id as "tableId", r.id, r.name, r.links,
        case when $4 then r.source end as source from jackfield.relation l
      join jackfield.record r on r.table_id = l.table_id and r.id = l.record_id
      where l.target_source_id = $1 and l.table_id = any($2::int[]) limit $3`,
    values: [
      row.sourceId,
      known.filter((sibling) => view.of(sibling)?.reads !== 'none').map((sibling) => sibling.id),
      relatedLimit,
      !isWhole(view),
    ],
  })
  return rows.flatMap((other): Related[] => {
    const from = known.find((sibling) => sibling.id === other.tableId)
    const { role } = other
    const points = from?.mapping.relations.some(
      (relation) => relation.role === role && relation.entities.includes(table.entity),
    )
    if (!from || !points || hidesRole(from, view.of(from), role)) return []
    const record = asTarget(other, known, view)
    return record ? [{ role, direction: 'from', targetSourceId: row.sourceId, record }] : []
  })
}

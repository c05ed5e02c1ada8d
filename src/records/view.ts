import { parseExact } from '#core/exact-json.ts'
import { recordId } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import { type Sight, seesEverything, sightOf } from '#model/sight.ts'
import { derive } from './derive.ts'
import { readLink } from './keys.ts'
import { type OwnedBy, ownersOf } from './owners.ts'
import type { SyncedTable } from './table.ts'
import type { TableCache } from './table-cache.ts'

/** What of one table somebody sees. */
export interface TableView {
  reads: 'all' | 'own' | 'none'
  writes: 'all' | 'own' | 'none'
  /** Source ids of the CRM's users and teams whose records are their own, as links hold them. */
  owners: ReadonlySet<string>
  /** Columns of the CRM that are masked: those that are named, and those that feed a masked field. */
  masked: ReadonlySet<string>
  /** Fields of the model that are masked: those that are named, and those that a masked column feeds. */
  maskedFields: ReadonlySet<string>
  /** What is made of a masked column, and so is made again without it. */
  hides: { name: boolean; search: boolean; active: boolean; modifiedAt: boolean }
}

/** What somebody sees of the records. */
export interface View {
  /** Null: the whole of it. */
  of(table: SyncedTable): TableView | null
}

/** Nothing is hidden: for the hub's own work, and for whoever may see all. */
export const wholeView: View = { of: () => null }

export const isWhole = (view: View) => view === wholeView

interface Source {
  pool: Queryable
  tables: TableCache
}

const made = new WeakMap<Sight, Promise<View>>()

/** What a sight makes of the tables that there are. For one that sees all nothing is asked of the database. */
export function viewOf(source: Source, sight: Sight): View | Promise<View> {
  return seesEverything(sight) ? wholeView : writingView(source, sight)
}

/** The same for whoever writes: it tells how far writes reach, also where all is seen. */
export function writingView(source: Source, sight: Sight): View | Promise<View> {
  if (sight.all) return wholeView
  const known = made.get(sight)
  if (known) return known
  const view = makeView(source, sight)
  made.set(sight, view)
  view.catch(() => made.delete(sight))
  return view
}

async function makeView({ pool, tables }: Source, sight: Sight): Promise<View> {
  const owned = sight.owners.size === 0 ? [] : await ownersOf(pool, await tables.all(), [...sight.owners])
  const views = new WeakMap<SyncedTable, TableView>()
  return {
    of(table) {
      const known = views.get(table)
      if (known) return known
      const view = tableView(sight, table, owned)
      views.set(table, view)
      return view
    },
  }
}

function tableView(sight: Sight, table: SyncedTable, owned: readonly OwnedBy[]): TableView {
  const { reads, writes, masked: named } = sightOf(sight, table.entity)
  const { mapping } = table
  const masked = new Set(named)
  for (const [field, { from }] of Object.entries(mapping.fields)) if (named.has(field)) masked.add(from)
  const maskedFields = new Set(named)
  for (const [field, { from }] of Object.entries(mapping.fields)) if (isMasked(masked, from)) maskedFields.add(field)
  const isHidden = (column: string | null | undefined) => column != null && isMasked(masked, column)
  const hidesName = mapping.name.flat().some(isHidden)
  return {
    ...{ reads, writes, masked, maskedFields },
    owners: ownersIn(table, owned),
    hides: {
      name: hidesName,
      search: hidesName || mapping.alsoSearched.some(isHidden),
      active: isHidden(mapping.active?.field),
      modifiedAt: isHidden(mapping.modifiedAt),
    },
  }
}

function ownersIn(table: SyncedTable, owned: readonly OwnedBy[]): Set<string> {
  const relations = table.mapping.relations.filter(({ role }) => role === ownerRole)
  const entities = new Set(relations.flatMap((relation) => relation.entities))
  return new Set(
    owned
      .filter(({ connectionId, entity }) => connectionId === table.connectionId && entities.has(entity))
      .map(({ sourceId }) => sourceId),
  )
}

/** The relation that says whose a record is. */
export const ownerRole = 'owner'

/** A column is masked with what stands below it, and with what the CRM writes beside it (`name@…`). */
export function isMasked(masked: ReadonlySet<string>, column: string): boolean {
  if (masked.has(column)) return true
  for (const name of masked) {
    if (column.length > name.length && column.startsWith(name) && /[@.]/.test(column[name.length]!)) return true
  }
  return false
}

/** The row's values without the masked columns. */
export function unmasked(values: Record<string, unknown>, { masked }: TableView): Record<string, unknown> {
  if (masked.size === 0) return values
  return Object.fromEntries(Object.entries(values).filter(([column]) => !isMasked(masked, column)))
}

/** What is derived of a row, made without the masked columns. */
export function derivedFor(source: string, table: SyncedTable, view: TableView) {
  return derive(unmasked(parseExact(source), view), table)
}

/** Whether the record is one of the viewer's own; a row that lost its keys (deleted, out of scope) is told by its content. */
export function isOwn(
  row: { links: string[] | null; source?: string | null },
  table: SyncedTable,
  { owners }: Pick<TableView, 'owners'>,
): boolean {
  if (owners.size === 0) return false
  const links = row.links?.length ? row.links.map(readLink) : linksIn(row.source, table)
  return links.some(({ role, target }) => role === ownerRole && owners.has(target))
}

function linksIn(source: string | null | undefined, table: SyncedTable) {
  return source ? derive(parseExact(source), table).links : []
}

export function isVisible(
  row: { links: string[] | null; source?: string | null },
  table: SyncedTable,
  view: TableView | null,
): boolean {
  if (view === null || view.reads === 'all') return true
  return view.reads === 'own' && isOwn(row, table, view)
}

/** Whether the relation itself is hidden, since the column that holds it is. */
export function hidesRole(table: SyncedTable, view: TableView | null, role: string): boolean {
  if (view === null || view.masked.size === 0) return false
  const from = table.mapping.relations.filter((relation) => relation.role === role).map((relation) => relation.from)
  return from.length > 0 && from.every((column) => isMasked(view.masked, column))
}

/** Of the rows of a CRM: the hub's id of the one with this source id. */
export const idIn = ({ crm, organisation, entity }: SyncedTable, sourceId: string) =>
  recordId({ crm, organisation, entity, sourceId })

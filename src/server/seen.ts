import { noSight } from '#model/sight.ts'
import type { Principal } from '#people/principal.ts'
import type { Finder } from '#records/find.ts'
import { recordNames } from '#records/names.ts'
import type { SyncedTable } from '#records/table.ts'
import { isWhole, type TableView, type View, viewOf } from '#records/view.ts'
import type { Hub } from './hub.ts'

type Source = Pick<Hub, 'pool' | 'finder'>

/** What of the records somebody sees; nothing without the permission to read them. */
export function viewFor({ pool, finder }: Source, principal: Principal | null): View | Promise<View> {
  const maySee = principal?.permissions.has('read:records') ?? false
  return viewOf({ pool, tables: finder.tables }, maySee ? principal!.sight : noSight)
}

/** Finds records for whoever asks. */
export async function finderFor(hub: Source, principal: Principal | null): Promise<Finder & { view: View }> {
  return { ...hub.finder, view: await viewFor(hub, principal) }
}

/** A record that is spoken of: it may not be held yet. */
interface Named {
  connectionId: string
  entity: string
  recordId: string | null
}

export interface Seen<T> {
  one: T
  table: SyncedTable | undefined
  /** The record's name as the hub holds it; null: it has none, or is not held. */
  name: string | null
  held: boolean
  visible: boolean
}

/** Which of the records that are spoken of may be seen, and what they are called. */
export async function seenAmong<T extends Named>(
  db: Hub['pool'],
  tables: readonly SyncedTable[],
  list: readonly T[],
  view: View,
): Promise<Seen<T>[]> {
  const ids = list.flatMap(({ recordId }) => (recordId === null ? [] : [recordId]))
  const names = await recordNames(db, tables, ids, view)
  const whole = isWhole(view)
  return list.map((one) => {
    const table = tables.find(({ connectionId, entity }) => connectionId === one.connectionId && entity === one.entity)
    const held = one.recordId !== null && names.has(one.recordId)
    const visible = whole || held || (table !== undefined && (view.of(table)?.reads ?? 'all') === 'all')
    return { one, table, held, visible, name: (held ? names.get(one.recordId!) : null) ?? null }
  })
}

/** Stands where a sentence may quote what the reader may not see. */
export const untold = 'The reason is told to those who may see the record'

/** Whether something of the table's records is masked, so that a sentence about one may quote it. */
export function masksOf(view: View, table: SyncedTable | undefined): TableView | null {
  const seen = table ? view.of(table) : null
  return seen && seen.masked.size > 0 ? seen : null
}

import { bisect } from '../organisation/bisect.ts'
import type { Base } from '../organisation/seed.ts'
import { type Column, type Fields, type TableDefinition, type Value, valueColumns } from './schema.ts'

/** A row that was created or changed since the seed, or what is left of one that was deleted. */
export type Entry = {
  id: string
  version: number
  deleted: boolean
  /** When it was deleted or last changed, in milliseconds. */
  at: number
  fields: Fields
  /** What is wrong with it on purpose. */
  broken?: string
}

/** The index of an untouched seeded row, or an entry. */
export type Row = number | Entry

export type Table = {
  definition: TableDefinition
  columns: Map<string, Column>
  base: Base | null
  /** One byte per seeded row: 1 where an entry has taken its place. */
  touched: Uint8Array
  entries: Map<string, Entry>
  /** Ids of entries that are no seeded row, in order. */
  extras: string[]
  /** Every change in order of version; an item that is no longer its row's last change is skipped. */
  log: { version: number; id: string }[]
  /** The counter when its columns or keys last changed: older delta tokens are void. */
  schemaVersion: number
  live: number
  /** Goes up with every change, so that derived things know when they are old. */
  generation: number
  /** Changes that were undone: what was derived from them is wrong. */
  undone: number
}

export function makeTable(definition: TableDefinition, base: Base | null): Table {
  return {
    definition,
    columns: valueColumns(definition.columns),
    base,
    touched: new Uint8Array(base?.count ?? 0),
    entries: new Map(),
    extras: [],
    log: [],
    schemaVersion: 0,
    live: base?.count ?? 0,
    generation: 0,
    undone: 0,
  }
}

export function find(table: Table, id: string): Row | undefined {
  const entry = table.entries.get(id)
  if (entry) return entry.deleted ? undefined : entry
  const index = table.base?.indexOf(id) ?? -1
  return index < 0 ? undefined : index
}

export const idOf = (table: Table, row: Row) => (typeof row === 'number' ? table.base!.idOf(row) : row.id)
export const versionOf = (table: Table, row: Row) =>
  typeof row === 'number' ? table.base!.versionOf(row) : row.version

/** Reads one value of any row by its wire name. */
export function reader(table: Table, wire: string): (row: Row) => Value {
  if (wire === table.definition.pk) return (row) => idOf(table, row)
  if (wire === 'versionnumber') return (row) => versionOf(table, row)
  const seeded = table.base?.values[wire]
  return (row) => (typeof row === 'number' ? (seeded ? seeded(row) : null) : (row.fields[wire] ?? null))
}

export const valueIn = (table: Table, row: Row, wire: string): Value => reader(table, wire)(row)

/** A row's own copy of its fields. */
export function entryOf(table: Table, row: Row): Entry {
  if (typeof row !== 'number') return { ...row, fields: { ...row.fields } }
  const base = table.base!
  const fields: Fields = {}
  for (const [wire, seeded] of Object.entries(base.values)) {
    const value = seeded(row)
    if (value !== null) fields[wire] = value
  }
  return { id: base.idOf(row), version: base.versionOf(row), deleted: false, at: base.modifiedOf(row), fields }
}

/** Stores an entry and answers how to undo that. */
export function put(table: Table, entry: Entry): () => void {
  const { id } = entry
  const before = table.entries.get(id)
  const index = before ? -1 : (table.base?.indexOf(id) ?? -1)
  const wasLive = before ? !before.deleted : index >= 0
  const live = Number(!entry.deleted) - Number(wasLive)
  table.entries.set(id, entry)
  if (index >= 0) table.touched[index] = 1
  const at = before || index >= 0 ? -1 : placeOf(table.extras, id)
  if (at >= 0) table.extras.splice(at, 0, id)
  table.log.push({ version: entry.version, id })
  table.live += live
  table.generation++
  return () => {
    if (before) table.entries.set(id, before)
    else table.entries.delete(id)
    if (index >= 0) table.touched[index] = 0
    if (at >= 0) table.extras.splice(placeOf(table.extras, id), 1)
    table.log = table.log.filter((item) => item.version !== entry.version)
    table.live -= live
    table.generation++
    table.undone++
  }
}

const placeOf = (sorted: readonly string[], id: string) => bisect(sorted.length, (i) => sorted[i]! < id)

/** Live rows in order of id, those after `after` only. */
export function* rowsById(table: Table, after: string | null): Generator<Row> {
  const { base, extras, touched } = table
  const count = base?.count ?? 0
  let i = after === null ? 0 : bisect(count, (index) => base!.idOf(index) <= after)
  let e = after === null ? 0 : placeOf(extras, after)
  if (after !== null && extras[e] === after) e++
  while (i < count || e < extras.length) {
    const extra = extras[e]
    if (i < count && (extra === undefined || base!.idOf(i) < extra)) {
      if (touched[i] === 0) yield i
      else yield* alive(table, base!.idOf(i))
      i++
    } else {
      yield* alive(table, extra!)
      // Rows may have come in meanwhile: the place is found again by id.
      e = placeOf(extras, extra!) + (extras[placeOf(extras, extra!)] === extra ? 1 : 0)
    }
  }
}

function* alive(table: Table, id: string): Generator<Entry> {
  const entry = table.entries.get(id)
  if (entry && !entry.deleted) yield entry
}

/** Seeded rows nobody touched, from the n-th lowest version on. */
export function* seededByRank(table: Table, from: number): Generator<number> {
  const { base, touched } = table
  for (let rank = from; rank < (base?.count ?? 0); rank++) {
    const index = base!.byRank(rank)
    if (touched[index] === 0) yield index
  }
}

/** The last change of every row that changed after a version, deletions among them, by version. */
export function changedSince(table: Table, version: number): Entry[] {
  compact(table)
  const from = bisect(table.log.length, (i) => table.log[i]!.version <= version)
  const out: Entry[] = []
  for (const item of table.log.slice(from)) {
    const entry = table.entries.get(item.id)
    if (entry && entry.version === item.version) out.push(entry)
  }
  return out
}

function compact(table: Table): void {
  if (table.log.length < 1000 || table.log.length < 2 * table.entries.size) return
  table.log = table.log.filter((item) => table.entries.get(item.id)?.version === item.version)
}

/** A seeded row as an entry, when it is asked for by a version before the seed's own. */
export function seededSince(table: Table, version: number): Entry[] {
  const base = table.base
  if (!base || version >= base.firstVersion + base.count - 1) return []
  const from = Math.max(0, version - base.firstVersion + 1)
  return [...seededByRank(table, from)].map((index) => entryOf(table, index))
}

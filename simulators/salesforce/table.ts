import { bisect } from '../organisation/bisect.ts'
import type { Base } from '../organisation/seed.ts'
import { dateTime } from './dates.ts'
import { makeId, numberOf } from './ids.ts'
import type { Field, Fields, ObjectDefinition, Value } from './schema.ts'

/** A row that was created or changed since the seed, or one that lies in the recycle bin. */
export type Entry = {
  id: string
  /** SystemModstamp in milliseconds. */
  stamp: number
  deleted: boolean
  /** When it was deleted. */
  deletedAt: number
  version: number
  fields: Fields
  /** What is wrong with it on purpose. */
  broken?: string
}

/** The index of an untouched seeded row, or an entry. Entries are never altered: who holds one holds that moment. */
export type Row = number | Entry

export type Table = {
  definition: ObjectDefinition
  fields: Map<string, Field>
  base: Base | null
  instance: string
  touched: Uint8Array
  entries: Map<string, Entry>
  /** Ids of entries that are no seeded row, in order. */
  extras: string[]
  live: number
  nextNumber: number
  generation: number
  byStamp: { generation: number; entries: Entry[] } | null
  /** Ids of live rows by a field's lower-case value, of the fields that were asked for so. */
  indexes: Map<string, Map<string, Set<string>>>
}

export function makeTable(definition: ObjectDefinition, base: Base | null, instance: string): Table {
  return {
    definition,
    fields: new Map(definition.fields.map((f) => [f.name.toLowerCase(), f])),
    base,
    instance,
    touched: new Uint8Array(base?.count ?? 0),
    entries: new Map(),
    extras: [],
    live: base?.count ?? 0,
    nextNumber: (base?.count ?? 0) + 1,
    generation: 0,
    byStamp: null,
    indexes: new Map(),
  }
}

export const nextId = (table: Table) => makeId(table.definition.keyPrefix, table.instance, table.nextNumber++)

/** A row, deleted or not. */
export function find(table: Table, id: string): Row | undefined {
  const entry = table.entries.get(id)
  if (entry) return entry
  const index = table.base?.indexOf(id) ?? -1
  return index < 0 ? undefined : index
}

export const idOf = (table: Table, row: Row) => (typeof row === 'number' ? table.base!.idOf(row) : row.id)
export const stampOf = (table: Table, row: Row) => (typeof row === 'number' ? table.base!.modifiedOf(row) : row.stamp)
export const isDeleted = (row: Row) => typeof row !== 'number' && row.deleted
/** A task or event of long ago: `query` leaves it out, `queryAll` has it. */
export const isArchived = (row: Row) => typeof row !== 'number' && row.fields.IsArchived === true

/** Reads one value of any row by its field's exact name. */
export function reader(table: Table, name: string): (row: Row) => Value {
  if (name === 'Id') return (row) => (typeof row !== 'number' && row.broken === 'no-id' ? null : idOf(table, row))
  if (name === 'IsDeleted') return isDeleted
  if (name === 'SystemModstamp') return (row) => dateTime(stampOf(table, row))
  const seeded = table.base?.values[name]
  const absent = table.fields.get(name.toLowerCase())?.type === 'boolean' ? false : null
  return (row) => (typeof row === 'number' ? (seeded ? seeded(row) : absent) : (row.fields[name] ?? absent))
}

export const valueIn = (table: Table, row: Row, name: string): Value => reader(table, name)(row)

/** A copy of a row that may be altered before it is put. */
export function entryOf(table: Table, row: Row): Entry {
  if (typeof row !== 'number') return { ...row, fields: { ...row.fields } }
  const base = table.base!
  const fields: Fields = {}
  for (const [name, seeded] of Object.entries(base.values)) {
    const value = seeded(row)
    if (value !== null) fields[name] = value
  }
  const stamp = base.modifiedOf(row)
  return { id: base.idOf(row), stamp, deleted: false, deletedAt: 0, version: 0, fields }
}

/** Stores an entry and answers how to undo that. */
export function put(table: Table, entry: Entry): () => void {
  const before = table.entries.get(entry.id)
  const index = before ? -1 : (table.base?.indexOf(entry.id) ?? -1)
  const wasLive = before ? !before.deleted : index >= 0
  const change = Number(!entry.deleted) - Number(wasLive)
  table.entries.set(entry.id, entry)
  table.nextNumber = Math.max(table.nextNumber, numberOf(entry.id) + 1)
  if (index >= 0) table.touched[index] = 1
  const isNew = !before && index < 0
  if (isNew) insert(table.extras, entry.id)
  table.live += change
  table.generation++
  const was = before ?? (index >= 0 ? index : undefined)
  reindex(table, was, entry)
  return () => {
    reindex(table, entry, was)
    if (before) table.entries.set(entry.id, before)
    else table.entries.delete(entry.id)
    if (index >= 0) table.touched[index] = 0
    if (isNew) table.extras.splice(table.extras.indexOf(entry.id), 1)
    table.live -= change
    table.generation++
  }
}

function reindex(table: Table, from: Row | undefined, to: Row | undefined): void {
  for (const [name, index] of table.indexes) {
    const read = reader(table, name)
    if (from !== undefined && !isDeleted(from)) index.get(String(read(from)).toLowerCase())?.delete(idOf(table, from))
    if (to !== undefined && !isDeleted(to)) addTo(index, read(to), idOf(table, to))
  }
}

function addTo(index: Map<string, Set<string>>, value: Value, id: string): void {
  if (value === null) return
  const key = String(value).toLowerCase()
  const ids = index.get(key)
  if (ids) ids.add(id)
  else index.set(key, new Set([id]))
}

/** Ids of the live rows that carry a value, without regard to case. */
export function idsByValue(table: Table, name: string, value: string): string[] {
  let index = table.indexes.get(name)
  if (!index) {
    index = new Map()
    const read = reader(table, name)
    for (const row of rowsById(table)) if (!isDeleted(row)) addTo(index, read(row), idOf(table, row))
    table.indexes.set(name, index)
  }
  return [...(index.get(value.toLowerCase()) ?? [])].sort()
}

function insert(sorted: string[], id: string): void {
  const last = sorted.at(-1)
  if (last === undefined || last < id) sorted.push(id)
  else
    sorted.splice(
      bisect(sorted.length, (i) => sorted[i]! < id),
      0,
      id,
    )
}

/** All rows in order of id, deleted ones among them; seeded ids come before all others. */
export function* rowsById(table: Table): Generator<Row> {
  const { base, touched, extras } = table
  for (let i = 0; i < (base?.count ?? 0); i++) yield touched[i] === 0 ? i : table.entries.get(base!.idOf(i))!
  for (const id of extras) yield table.entries.get(id)!
}

/** All rows in order of SystemModstamp and id, from a time on. */
export function* rowsByStamp(table: Table, from: number): Generator<Row> {
  const { base, touched } = table
  const entries = entriesByStamp(table)
  const count = base?.count ?? 0
  let rank = bisect(count, (r) => base!.modifiedOf(base!.byRank(r)) < from)
  let e = bisect(entries.length, (i) => entries[i]!.stamp < from)
  while (rank < count) {
    const index = base!.byRank(rank++)
    if (touched[index] !== 0) continue
    const stamp = base!.modifiedOf(index)
    while (e < entries.length && precedes(entries[e]!, stamp, base!, index)) yield entries[e++]!
    yield index
  }
  while (e < entries.length) yield entries[e++]!
}

const precedes = (entry: Entry, stamp: number, base: Base, index: number) =>
  entry.stamp < stamp || (entry.stamp === stamp && entry.id < base.idOf(index))

function entriesByStamp(table: Table): Entry[] {
  if (table.byStamp?.generation === table.generation) return table.byStamp.entries
  const entries = [...table.entries.values()].sort((a, b) => a.stamp - b.stamp || (a.id < b.id ? -1 : 1))
  table.byStamp = { generation: table.generation, entries }
  return entries
}

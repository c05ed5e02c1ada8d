import { appendLines, type Head as KeptHead, replayLines } from '../exchange/journal.ts'
import type { Change, Organization } from './organization.ts'
import { type Column, type Fields, type Key, type Value, valueColumns } from './schema.ts'
import { type Entry, entryOf, put, type Row, type Table } from './table.ts'

export type Head = KeptHead & { clientSecret: string }

type RowLine = {
  e: string
  i: string
  v: number
  t: number
  f?: Record<string, Value>
  d?: 0 | 1
  new?: 1
  broken?: string
}
type SchemaLine = { m: string; v: number; columns: Column[]; keys: Key[]; changeTracking: boolean }

/** Does again what is in the file. */
export function replay(org: Organization, file: string): void {
  replayLines(file, (line) => {
    const item = JSON.parse(line) as RowLine | SchemaLine
    if ('m' in item) replaySchema(org, item)
    else replayRow(org, item)
    org.counter = Math.max(org.counter, item.v)
  })
}

function replaySchema(org: Organization, line: SchemaLine): void {
  const table = org.tables.get(line.m)
  if (!table) return
  Object.assign(table.definition, { columns: line.columns, keys: line.keys, changeTracking: line.changeTracking })
  table.columns = valueColumns(line.columns)
  table.schemaVersion = line.v
}

function replayRow(org: Organization, line: RowLine): void {
  const table = org.tables.get(line.e)
  if (!table) return
  const known = line.new ? undefined : stored(table, line.i)
  const before: Entry =
    known === undefined ? { id: line.i, version: 0, deleted: false, at: 0, fields: {} } : entryOf(table, known)
  const after: Entry = { ...before, version: line.v, at: line.t, fields: { ...before.fields, ...line.f } }
  if (line.d !== undefined) after.deleted = line.d === 1
  if (line.broken !== undefined) after.broken = line.broken
  put(table, after)
}

function stored(table: Table, id: string): Row | undefined {
  const index = table.base?.indexOf(id) ?? -1
  return table.entries.get(id) ?? (index < 0 ? undefined : index)
}

/** Writes every change of rows and columns behind the head. */
export function keepJournal(org: Organization, file: string): void {
  org.listeners.push((changes) => appendLines(file, changes.map(rowLine)))
  org.schemaListeners.push((table) => {
    const { logical, columns, keys, changeTracking } = table.definition
    const line: SchemaLine = { m: logical, v: table.schemaVersion, columns, keys, changeTracking }
    appendLines(file, [line])
  })
}

function rowLine(change: Change): RowLine {
  const { table, after, before, operation } = change
  const head = { e: table.definition.logical, i: after.id, v: after.version, t: after.at }
  if (operation === 'delete') return { ...head, d: 1 }
  if (operation === 'restore') return { ...head, d: 0, f: after.fields }
  if (before === null)
    return { ...head, d: 0, new: 1, f: after.fields, ...(after.broken ? { broken: after.broken } : {}) }
  return { ...head, f: difference(before.fields, after.fields) }
}

function difference(before: Fields, after: Fields): Fields {
  const out: Fields = {}
  for (const [name, value] of Object.entries(after)) if (before[name] !== value) out[name] = value
  return out
}

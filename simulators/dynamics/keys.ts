import { notFound, odata, ServiceError } from './errors.ts'
import { keyStatus } from './metadata-objects.ts'
import type { Key, Value } from './schema.ts'
import { find, type Row, reader, rowsById, type Table } from './table.ts'

export type FoundKey = {
  row: Row | undefined
  /** The row's id where the key is the primary one, or the row exists. */
  id: string | null
  /** The alternate key's values, to create a row with. */
  values: Record<string, Value>
  missing: () => ServiceError
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const invalid = (table: Table) =>
  new ServiceError(
    400,
    '0x80060888',
    `The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.${table.definition.logical}'. Ensure that the names and number of key properties match the declared key or alternate key properties for the resource 'Microsoft.Dynamics.CRM.${table.definition.logical}'.`,
  )

/** `accounts(<guid>)` or `accounts(accountnumber='x',name='y')`. */
export function readKey(table: Table, segment: string): FoundKey {
  const inner = /\((.*)\)$/s.exec(segment)?.[1]?.trim() ?? ''
  const { pk, logical } = table.definition
  const [, bare] = /^(?:(?:\w+)=)?([0-9a-f-]{36})$/i.exec(inner) ?? []
  const named = /^(\w+)=/.exec(inner)?.[1]
  // A user's key property is `ownerid`; the named primary key is refused.
  if (bare && GUID.test(bare) && (named === undefined || named === pk)) {
    const id = bare.toLowerCase()
    return { row: find(table, id), id, values: {}, missing: () => notFound(logical, id) }
  }
  const values = parseValues(table, inner)
  const key = table.definition.keys.find((k) => sameColumns(table, k, Object.keys(values)))
  if (!key) throw invalid(table)
  if (keyStatus(key) !== 'Active')
    throw new ServiceError(400, '0x80060890', `The entity key ${key.schema} of ${logical} is not active.`)
  const row = findByKey(table, key, values)
  const missing = () =>
    new ServiceError(404, '0x80060891', `A record with the specified key values does not exist in ${logical} entity`)
  return { row, id: row === undefined ? null : (reader(table, pk)(row) as string), values, missing }
}

function sameColumns(table: Table, key: Key, wires: string[]): boolean {
  const wanted = key.columns.map((name) => wireOf(table, name)).sort()
  return wanted.join() === [...wires].sort().join()
}

const wireOf = (table: Table, name: string) => table.definition.columns.find((c) => c.name === name)?.wire ?? name

/** What a key made of text cannot hold: the service never finds such a row. */
const UNREACHABLE = /[/<>*%&:\\?+]/

function parseValues(table: Table, inner: string): Record<string, Value> {
  const values: Record<string, Value> = {}
  const pattern = /\s*([\w]+)\s*=\s*(?:'((?:[^']|'')*)'|([^,']+))\s*(?:,|$)/gy
  let end = 0
  for (const match of inner.matchAll(pattern)) {
    const [all, name = '', quoted, bare] = match
    end = match.index + all.length
    if (!table.columns.has(name)) throw invalid(table)
    if (quoted !== undefined && UNREACHABLE.test(quoted))
      throw odata('The key in the request URI holds a character that is not allowed.')
    values[name] = quoted === undefined ? literal(bare!.trim()) : quoted.replaceAll("''", "'")
  }
  if (end !== inner.length || end === 0) throw invalid(table)
  return values
}

const literal = (text: string): Value => (/^-?\d+$/.test(text) ? Number(text) : text.toLowerCase())

/** Text is compared without case. */
const fold = (value: Value) => String(value ?? '\u0000').toLowerCase()

type Index = { generation: number; undone: number; ids: Map<string, string> }
const indexes = new WeakMap<Key, Index>()

/** The row that has these values; the index is made when it is first asked for. */
function findByKey(table: Table, key: Key, values: Record<string, Value>): Row | undefined {
  const id = indexOf(table, key).ids.get(
    key.columns.map((name) => fold(values[wireOf(table, name)] ?? null)).join('\u0001'),
  )
  return id === undefined ? undefined : find(table, id)
}

function indexOf(table: Table, key: Key): Index {
  const found = indexes.get(key)
  if (found?.generation === table.generation) return found
  const kept = found?.undone === table.undone ? found : undefined
  const index: Index = { generation: table.generation, undone: table.undone, ids: kept ? kept.ids : new Map() }
  const readers = key.columns.map((name) => reader(table, wireOf(table, name)))
  const id = reader(table, table.definition.pk)
  const rows = kept ? changedRows(table, kept) : rowsById(table, null)
  for (const row of rows) {
    const values = readers.map((read) => read(row))
    if (values.every((v) => v !== null)) index.ids.set(values.map(fold).join('\u0001'), id(row) as string)
  }
  indexes.set(key, index)
  return index
}

/** Entries of changed rows are rebuilt; values that no row has any more are dropped. */
function changedRows(table: Table, kept: Index): Row[] {
  for (const [text, id] of kept.ids) if (table.entries.has(id)) kept.ids.delete(text)
  return [...table.entries.values()].filter((e) => !e.deleted)
}

/** Throws where another row has the same key values. */
export function refuseDuplicate(table: Table, id: string, fields: Record<string, Value>): void {
  for (const key of table.definition.keys) {
    const wires = key.columns.map((name) => wireOf(table, name))
    if (wires.some((w) => fields[w] === null || fields[w] === undefined)) continue
    const row = findByKey(table, key, fields)
    if (row === undefined || reader(table, table.definition.pk)(row) === id) continue
    const column = table.columns.get(wires[0]!)!
    throw new ServiceError(
      412,
      '0x80060892',
      `Entity Key ${key.label[0]} violated. A record with the same value for ${column.label[0]} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`,
    )
  }
}

import { ApiError, malformed } from './errors.ts'
import type { Organisation } from './organisation.ts'
import { tableOf } from './organisation.ts'
import { hiddenFields, pathOf } from './paths.ts'
import type { Value } from './schema.ts'
import type { Query, SelectItem } from './soql.ts'
import { compile, earliestStamp, namedIds } from './soql-where.ts'
import { find, isArchived, isDeleted, type Row, rowsById, rowsByStamp, type Table } from './table.ts'

export type Selection = { table: Table; rows: Row[] }

export function queriedTable(org: Organisation, query: Query): Table {
  const table = tableOf(org, query.object)
  if (!table || hiddenFields(org, table.definition.name) === true)
    throw new ApiError(
      400,
      'INVALID_TYPE',
      `sObject type '${query.object}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.`,
    )
  return table
}

/** The names of the fields that a query selects, `FIELDS(ALL)` spelt out. */
export function selectedFields(org: Organisation, table: Table, query: Query): string[] {
  const names = query.select.flatMap((item) => fieldsOf(org, table, query, item))
  const lower = names.map((n) => n.toLowerCase())
  const twice = lower.findIndex((n, i) => lower.indexOf(n) !== i)
  if (twice >= 0) throw new ApiError(400, 'MALFORMED_QUERY', `duplicate field selected: ${names[twice]}`)
  return names
}

function fieldsOf(org: Organisation, table: Table, query: Query, item: SelectItem): string[] {
  if (item.aggregate === 'FIELDS') {
    const word = item.field.toUpperCase()
    if (word !== 'STANDARD' && (query.limit === null || query.limit > 200))
      throw malformed('The SOQL FIELDS function must have a LIMIT of at most 200')
    const hidden = hiddenFields(org, table.definition.name)
    const all = table.definition.fields.map((f) => f.name).filter((name) => hidden !== true && !hidden.has(name))
    return all.filter((n) => word === 'ALL' || n.endsWith('__c') === (word === 'CUSTOM'))
  }
  if (item.aggregate !== null) throw malformed(`unexpected token: '${item.aggregate}'`)
  pathOf(org, table, item.field)
  return [item.field]
}

/** The rows of a query in its order, without their values; `all`: those that are deleted or archived too. */
export function select(org: Organisation, query: Query, all: boolean): Selection {
  const table = queriedTable(org, query)
  const test = query.where ? compile({ org, table }, query.where) : null
  const keys = query.order.map(({ field }) => pathOf(org, table, field).field.name)
  const byStamp = inStampOrder(query, keys)
  const most = query.limit === null ? Number.POSITIVE_INFINITY : query.offset + query.limit
  const inOrder = keys.length === 0 || byStamp || (keys[0] === 'Id' && !query.order[0]!.descending)
  const rows: Row[] = []
  for (const row of candidates(table, query, byStamp || keys.length === 0)) {
    if (rows.length >= most && inOrder) break
    if (!all && (isDeleted(row) || isArchived(row))) continue
    if (test === null || test(row)) rows.push(row)
  }
  if (!inOrder) sort(org, table, query, rows)
  return { table, rows: query.offset > 0 || rows.length > most ? rows.slice(query.offset, most) : rows }
}

const inStampOrder = (query: Query, keys: string[]) =>
  keys[0] === 'SystemModstamp' &&
  keys.length <= 2 &&
  (keys[1] ?? 'Id') === 'Id' &&
  query.order.every((k) => !k.descending)

function* candidates(table: Table, query: Query, byStampFits: boolean): Generator<Row> {
  const from = earliestStamp(query.where)
  if (byStampFits && query.order.length > 0) return yield* rowsByStamp(table, from)
  const ids = namedIds(query.where)
  if (ids !== null) {
    for (const id of [...new Set(ids)].sort()) {
      const row = find(table, id)
      if (row !== undefined) yield row
    }
    return
  }
  if (Number.isFinite(from) && query.order[0]?.field.toLowerCase() !== 'id') return yield* rowsByStamp(table, from)
  yield* rowsById(table)
}

function sort(org: Organisation, table: Table, query: Query, rows: Row[]): void {
  const keys = query.order.map((key) => ({ ...key, read: pathOf(org, table, key.field).read }))
  const decorated = rows.map((row) => ({ row, values: keys.map((key) => key.read(row)) }))
  decorated.sort((a, b) => {
    for (const [i, key] of keys.entries()) {
      const sign = compareValues(a.values[i]!, b.values[i]!, key)
      if (sign !== 0) return sign
    }
    return 0
  })
  decorated.forEach((d, i) => {
    rows[i] = d.row
  })
}

function compareValues(a: Value, b: Value, key: { descending: boolean; nullsLast: boolean }): number {
  if (a === b) return 0
  if (a === null) return key.nullsLast ? 1 : -1
  if (b === null) return key.nullsLast ? -1 : 1
  return (a < b ? -1 : 1) * (key.descending ? -1 : 1)
}

/** `COUNT()` alone answers a number; other aggregates answer one row. */
export function aggregates(org: Organisation, query: Query, selection: Selection): Record<string, Value> {
  const out: Record<string, Value> = {}
  query.select.forEach((item, i) => {
    const values = selection.rows.map(pathOf(org, selection.table, item.field || 'Id').read).filter((v) => v !== null)
    out[item.alias ?? `expr${i}`] = aggregate(item.aggregate ?? '', values)
  })
  return out
}

function aggregate(kind: string, values: Value[]): Value {
  if (kind === 'COUNT') return values.length
  if (kind === 'COUNT_DISTINCT') return new Set(values).size
  if (kind === 'MIN' || kind === 'MAX')
    return values.reduce<Value>(
      (best, v) => (best === null || (kind === 'MIN' ? v! < best : v! > best) ? v : best),
      null,
    )
  throw malformed(`unexpected token: '${kind}'`)
}

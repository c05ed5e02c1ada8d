import { randomUUID } from 'node:crypto'
import { demand } from './auth.ts'
import { createRow, deleteRow, type Target, updateRow } from './change-rows.ts'
import { coerce } from './coerce.ts'
import { noProperty, odata, ServiceError, undeclared } from './errors.ts'
import { lookupOf } from './expand.ts'
import { empty, json, parsePrefer, type Reply } from './http.ts'
import { type JsonObject, parseBody } from './json-body.ts'
import { type FoundKey, readKey, refuseDuplicate } from './keys.ts'
import { cleared, pointAt, readFields } from './payload.ts'
import { type Context, resolve } from './resolve.ts'
import { type Call, representation, tableOf } from './service.ts'
import { refuseClosed, settleState } from './state.ts'
import { type Entry, entryOf, find, type Row, type Table, versionOf } from './table.ts'

export type Outcome = { operation: string; entity: string | null; id: string | null; version: number | null }
export type Write = { call: Call; references: Map<string, string>; outcome: Outcome }

export const contextOfWrite = (w: Write): Context => ({
  org: w.call.service.org,
  userId: w.call.request.userId,
  references: w.references,
})
export const targetOf = (w: Write, table: Table): Target => ({
  org: w.call.service.org,
  table,
  userId: w.call.request.userId,
})
export const tableOfWrite = (w: Write): Table => tableOf(w.call, w.call.segments[0]!.split('(')[0]!)

/** A header that a client sends as `null` is one it does not mean. */
function header(w: Write, name: string): string | null {
  const value = w.call.request.headers[name]
  return value === undefined || value === '' || value === 'null' ? null : value
}

export function create(w: Write): Reply {
  const table = tableOfWrite(w)
  const body = parseBody(table.definition.set, w.call.request.body)
  const entry = insert(w, table, body, null)
  return written(w, table, entry, true)
}

/** Stores a new row; `key` holds the alternate key it was addressed by. */
export function insert(w: Write, table: Table, body: JsonObject, key: FoundKey | null): Entry {
  demand(w.call.service.org, w.call.request.userId, 'Create', table.definition.logical)
  const { id: given, fields } = readFields(contextOfWrite(w), table, body, true)
  const id = key?.id ?? given ?? randomUUID()
  if (find(table, id) !== undefined) throw new ServiceError(412, '0x80040237', 'Cannot insert duplicate key.')
  const all = { ...key?.values, ...fields }
  settleState(table, null, all)
  if (table.definition.logical === 'incident' && !all._customerid_value)
    throw new ServiceError(400, '0x80040203', 'You should specify a parent contact or account.')
  refuseDuplicate(table, id, all)
  return note(w, 'create', createRow(targetOf(w, table), id, all))
}

/** PATCH: updates, creates, or does either, as its conditions say. */
export function writeRow(w: Write): Reply {
  const table = tableOfWrite(w)
  const key = readKey(table, w.call.segments[0]!)
  const ifMatch = header(w, 'if-match')
  const ifNoneMatch = header(w, 'if-none-match')
  w.outcome.id = key.id
  w.outcome.operation = ifMatch ? 'update' : ifNoneMatch ? 'create' : 'upsert'
  const body = parseBody(table.definition.set, w.call.request.body)
  if (key.row === undefined) {
    if (ifMatch !== null) throw key.missing()
    return written(w, table, insert(w, table, body, key), true)
  }
  if (ifNoneMatch === '*')
    throw new ServiceError(412, '0x80040237', 'A record with matching key values already exists.')
  refuseStale(table, key.row, ifMatch)
  return written(w, table, change(w, table, key.row, body), false)
}

export function change(w: Write, table: Table, row: Row, body: JsonObject): Entry {
  demand(w.call.service.org, w.call.request.userId, 'Write', table.definition.logical)
  const { fields } = readFields(contextOfWrite(w), table, body, false)
  const before = entryOf(table, row)
  refuseClosed(table, before, fields)
  settleState(table, before, fields)
  refuseDuplicate(table, before.id, { ...before.fields, ...fields })
  return note(w, 'update', updateRow(targetOf(w, table), before.id, fields))
}

function refuseStale(table: Table, row: Row, ifMatch: string | null): void {
  if (ifMatch === null || ifMatch === '*' || ifMatch === `W/"${versionOf(table, row)}"`) return
  throw new ServiceError(
    412,
    '0x80060882',
    "The version of the existing record doesn't match the RowVersion property provided.",
  )
}

export function note(w: Write, operation: string, entry: Entry): Entry {
  w.outcome = { ...w.outcome, operation, id: entry.id, version: entry.version }
  return entry
}

/** 204 with the row's address, or the row itself where the caller asked for it. */
function written(w: Write, table: Table, entry: Entry, created: boolean): Reply {
  const address = `${w.call.root}${table.definition.set}(${entry.id})`
  const headers: Record<string, string> = { 'odata-entityid': address }
  if (created) headers.location = address
  if (parsePrefer(w.call.request.headers.prefer).get('return') !== 'representation') return empty(headers)
  const body = representation(w.call, table, entry.id)
  return json(created ? 201 : 200, body, {
    ...headers,
    etag: `W/"${entry.version}"`,
    'preference-applied': 'return=representation',
  })
}

function rowOf(w: Write, table: Table): { id: string; row: Row } {
  const key = readKey(table, w.call.segments[0]!)
  w.outcome.id = key.id
  if (key.row === undefined || key.id === null) throw key.missing()
  return { id: key.id, row: key.row }
}

export function remove(w: Write): Reply {
  const table = tableOfWrite(w)
  w.outcome.operation = 'delete'
  const { id, row } = rowOf(w, table)
  demand(w.call.service.org, w.call.request.userId, 'Delete', table.definition.logical)
  refuseStale(table, row, header(w, 'if-match'))
  note(w, 'delete', deleteRow(targetOf(w, table), id))
  return empty()
}

export function setProperty(w: Write, name: string): Reply {
  const table = tableOfWrite(w)
  const column = table.columns.get(name)
  if (!column || column.targets) throw noProperty(name, table.definition.logical)
  const body = parseBody(table.definition.set, w.call.request.body)
  coerce(table, column, body.value ?? null)
  return changeOnly(w, table, { [name]: body.value ?? null })
}

export function clearProperty(w: Write, name: string): Reply {
  const table = tableOfWrite(w)
  const found = lookupOf(table, name)
  if (found) return removeReference(w, name)
  if (!table.columns.has(name)) throw noProperty(name, table.definition.logical)
  return changeOnly(w, table, { [name]: null })
}

function changeOnly(w: Write, table: Table, body: JsonObject): Reply {
  const { row } = rowOf(w, table)
  change(w, table, row, body)
  return empty()
}

export function addReference(w: Write, nav: string): Reply {
  const table = tableOfWrite(w)
  const found = lookupOf(table, nav)
  if (!found) throw undeclared(table.definition.set, nav)
  const body = parseBody(table.definition.set, w.call.request.body)
  const address = body['@odata.id']
  if (typeof address !== 'string') throw odata('The @odata.id of the reference is missing.')
  const target = resolve(contextOfWrite(w), address)
  const { id } = rowOf(w, table)
  note(w, 'update', updateRow(targetOf(w, table), id, pointAt(w.call.service.org, found.column, target)))
  return empty()
}

export function removeReference(w: Write, nav: string): Reply {
  const table = tableOfWrite(w)
  const found = lookupOf(table, nav)
  if (!found) throw undeclared(table.definition.set, nav)
  const { id } = rowOf(w, table)
  note(w, 'update', updateRow(targetOf(w, table), id, cleared(w.call.service.org, found.column)))
  return empty()
}

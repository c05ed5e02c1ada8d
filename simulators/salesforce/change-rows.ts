import { byExternalId } from './coerce.ts'
import { dateTime } from './dates.ts'
import { derive } from './derive.ts'
import { ApiError } from './errors.ts'
import { atomically, type Change, commit, type Organisation, stampNow } from './organisation.ts'
import type { Fields } from './schema.ts'
import { type Entry, entryOf, find, isDeleted, nextId, rowsById, type Table, valueIn } from './table.ts'

export type Target = {
  org: Organisation
  table: Table
  userId: string
  /** What the change says of its origin. */
  origin: string
  /** Times given with the fields are kept, and nothing is checked. */
  raw?: boolean
}

const gone = (message = 'entity is deleted') => new ApiError(404, 'ENTITY_IS_DELETED', message)

export function liveEntry(table: Table, id: string): Entry {
  const row = find(table, id)
  if (row === undefined)
    throw new ApiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${id}`)
  if (isDeleted(row)) throw gone()
  return entryOf(table, row)
}

export function createRow(target: Target, given: Fields, id?: string, broken?: string): Entry {
  const { org, table, userId } = target
  const made = dateTime(stampNow(org))
  const fields: Fields = { ...given }
  for (const f of table.definition.fields)
    if (fields[f.name] === undefined && f.defaultValue !== null) fields[f.name] = f.defaultValue
  if (table.fields.has('ownerid')) fields.OwnerId ??= userId
  Object.assign(fields, { CreatedDate: given.CreatedDate ?? made, CreatedById: userId })
  const rowId = id ?? nextId(table)
  if (!broken) derive(org, table, fields, given)
  if (!target.raw) {
    requireFields(table, fields)
    requireUnique(table, fields, rowId)
  }
  const after: Entry = {
    id: rowId,
    stamp: 0,
    deleted: false,
    deletedAt: 0,
    version: 0,
    fields,
    ...(broken ? { broken } : {}),
  }
  return store(target, { operation: 'create', before: null, after, changed: Object.keys(fields) })
}

export function updateRow(target: Target, id: string, given: Fields): Entry {
  const { org, table } = target
  const before = liveEntry(table, id)
  const after: Entry = { ...before, fields: { ...before.fields, ...given } }
  derive(org, table, after.fields, given)
  if (!target.raw) {
    requireFields(table, after.fields)
    requireUnique(table, given, id)
  }
  const names = new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])
  const changed = [...names].filter((name) => (before.fields[name] ?? null) !== (after.fields[name] ?? null))
  return store(target, { operation: 'update', before, after, changed })
}

/** What the service does with closed tasks and with events after a year; no time moves by it. */
export function archiveRow(target: Target, id: string): Entry {
  const { table } = target
  if (!table.fields.has('isarchived')) throw new Error(`${table.definition.name} is not archived`)
  const { stamp } = liveEntry(table, id)
  return updateRow({ ...target, raw: true, origin: '' }, id, { IsArchived: true, SystemModstamp: dateTime(stamp) })
}

export function deleteRow(target: Target, id: string, masterId: string | null = null): Entry {
  const before = liveEntry(target.table, id)
  const fields = { ...before.fields, ...(masterId === null ? {} : { MasterRecordId: masterId }) }
  const after: Entry = { ...before, fields, deleted: true, deletedAt: stampNow(target.org) }
  return store(target, { operation: 'delete', before, after, changed: [] })
}

export function undeleteRow(target: Target, id: string): Entry {
  const row = find(target.table, id)
  if (row === undefined || !isDeleted(row))
    throw new ApiError(400, 'UNDELETE_FAILED', 'entity is not in the recycle bin')
  const before = entryOf(target.table, row)
  const after: Entry = { ...before, fields: { ...before.fields, MasterRecordId: null }, deleted: false, deletedAt: 0 }
  return store(target, { operation: 'undelete', before, after, changed: [] })
}

/** Up to two rows become part of another: they are deleted, and what referred to them refers to the master. */
export function mergeRows(target: Target, masterId: string, losers: string[], fields: Fields): Entry {
  const { org, table } = target
  if (!table.definition.mergeable) throw new ApiError(400, 'INVALID_TYPE', `${table.definition.name} cannot be merged`)
  return atomically(org, () => {
    liveEntry(table, masterId)
    for (const loser of losers) {
      deleteRow(target, loser, masterId)
      reparent(target, loser, masterId)
    }
    return updateRow(target, masterId, fields)
  })
}

function reparent(target: Target, from: string, to: string): void {
  for (const table of target.org.tables.values())
    for (const field of table.definition.fields) {
      if (!field.referenceTo.includes(target.table.definition.name) || field.name === 'MasterRecordId') continue
      const ids = [...rowsById(table)].filter((row) => !isDeleted(row) && valueIn(table, row, field.name) === from)
      for (const row of ids) updateRow({ ...target, table, raw: true }, entryOf(table, row).id, { [field.name]: to })
    }
}

function store(target: Target, made: Pick<Change, 'operation' | 'before' | 'after' | 'changed'>): Entry {
  const { org, table, userId, origin } = target
  if (!target.raw && org.settings.readOnly[userId]?.includes(table.definition.name))
    throw new ApiError(403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')
  const change: Change = { table, userId, origin, ...made }
  const moment = target.raw ? made.after.fields.SystemModstamp : undefined
  if (typeof moment !== 'string') return commit(org, change)
  delete made.after.fields.SystemModstamp
  made.after.stamp = Date.parse(moment.replace('+0000', 'Z'))
  made.after.fields.LastModifiedDate ??= dateTime(made.after.stamp)
  return commit(org, change, true)
}

function requireFields(table: Table, fields: Fields): void {
  const missing = table.definition.fields
    .filter((f) => f.required && (fields[f.name] ?? null) === null)
    .map((f) => f.name)
  if (missing.length > 0)
    throw new ApiError(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing)
}

function requireUnique(table: Table, given: Fields, id: string): void {
  for (const field of table.definition.fields) {
    const value = given[field.name] ?? null
    if (!field.unique || value === null) continue
    const other = byExternalId(table, field.name, String(value)).find((found) => found !== id)
    if (other)
      throw new ApiError(
        400,
        'DUPLICATE_VALUE',
        `duplicate value found: ${field.name} duplicates value on record with id: ${other.slice(0, 15)}`,
      )
  }
}

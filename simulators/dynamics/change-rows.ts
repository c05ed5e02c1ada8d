import { isoSeconds } from '../organisation/seed.ts'
import { notFound } from './errors.ts'
import { commit, now, type Organization } from './organization.ts'
import type { Fields } from './schema.ts'
import { type Entry, entryOf, find, type Table } from './table.ts'

/** The four things that can happen to a row, with the columns that the service keeps by itself. */
export type Target = { org: Organization; table: Table; userId: string }

export function createRow(t: Target, id: string, given: Fields, broken?: string): Entry {
  const { org, table, userId } = t
  const at = isoSeconds(now(org))
  const fields: Fields = { ...defaults(t), ...given }
  if (table.columns.has('createdon')) fields.createdon = at
  derive(table, fields)
  const stamped = {
    ...fields,
    modifiedon: at,
    _createdby_value: userId,
    _modifiedby_value: userId,
    ...(broken ? given : {}),
  }
  const after: Entry = { id, version: 0, deleted: false, at: 0, fields: stamped }
  if (broken !== undefined) after.broken = broken
  const changed = Object.keys(given).filter((name) => !name.includes('@'))
  return commit(org, { table, operation: 'create', before: null, after, changed, userId })
}

export function updateRow(t: Target, id: string, changes: Fields): Entry {
  const { org, table, userId } = t
  const row = find(table, id)
  if (row === undefined) throw notFound(table.definition.logical, id)
  const before = entryOf(table, row)
  const after = entryOf(table, row)
  Object.assign(after.fields, changes)
  derive(table, after.fields)
  const changed = Object.keys(changes).filter((name) => !name.includes('@'))
  after.fields.modifiedon = isoSeconds(now(org))
  after.fields._modifiedby_value = userId
  Object.assign(after.fields, only(changes, 'modifiedon'))
  return commit(org, { table, operation: 'update', before, after, changed, userId })
}

const only = (fields: Fields, name: string): Fields => (fields[name] === undefined ? {} : { [name]: fields[name] })

export function deleteRow(t: Target, id: string): Entry {
  const { org, table, userId } = t
  const row = find(table, id)
  if (row === undefined) throw notFound(table.definition.logical, id)
  const before = entryOf(table, row)
  const after: Entry = { ...entryOf(table, row), deleted: true }
  return commit(org, { table, operation: 'delete', before, after, changed: [], userId })
}

/** A deleted row comes back under its id, with a higher version. */
export function restoreRow(t: Target, id: string): Entry {
  const { org, table, userId } = t
  const gone = table.entries.get(id)
  if (!gone?.deleted) throw notFound(table.definition.logical, id)
  const after: Entry = { ...entryOf(table, gone), deleted: false }
  after.fields.modifiedon = isoSeconds(now(org))
  after.fields._modifiedby_value = userId
  return commit(org, { table, operation: 'restore', before: null, after, changed: Object.keys(after.fields), userId })
}

function defaults(t: Target): Fields {
  const { org, table, userId } = t
  const fields: Fields = {}
  if (table.columns.has('statecode')) Object.assign(fields, { statecode: 0, statuscode: defaultStatus(table, 0) })
  if (table.definition.activity) fields.activitytypecode = table.definition.logical
  if (table.definition.owned) Object.assign(fields, ownerFields(org, userId, 'systemuser'))
  for (const column of table.columns.values())
    if (column.type === 'Boolean' && column.create) fields[column.wire] = false
  if (table.definition.logical === 'incident') fields.ticketnumber = `CAS-${String(org.counter).padStart(8, '0')}-J4K5`
  return fields
}

export function ownerFields(org: Organization, owner: string, type: string): Fields {
  return {
    _ownerid_value: owner,
    '_ownerid_value@type': type,
    _owninguser_value: type === 'systemuser' ? owner : null,
    _owningteam_value: type === 'team' ? owner : null,
    _owningbusinessunit_value: org.seedData.businessUnit,
  }
}

/** The first status that belongs to a state. */
export function defaultStatus(table: Table, state: number): number {
  const options = table.columns.get('statuscode')?.options ?? []
  return options.find((o) => o.state === state)?.value ?? 1
}

function derive(table: Table, fields: Fields): void {
  if (!table.columns.has('fullname') || !table.columns.has('lastname')) return
  const parts = [fields.firstname, fields.lastname].filter((p) => p !== null && p !== undefined && p !== '')
  fields.fullname = parts.length === 0 ? null : parts.join(' ')
}

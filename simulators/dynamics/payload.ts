import { ownerFields } from './change-rows.ts'
import { coerce } from './coerce.ts'
import { odata, payload, ServiceError, undeclared } from './errors.ts'
import { lookupOf } from './expand.ts'
import type { Json, JsonObject } from './json-body.ts'
import { readKey } from './keys.ts'
import type { Organization } from './organization.ts'
import type { Column, Fields } from './schema.ts'
import type { Table } from './table.ts'

export type Context = {
  org: Organization
  /** What `$1` in a change set stands for: the address of the row it made. */
  references: Map<string, string>
}

/** Parties of an activity are taken with the activity and kept nowhere. */
const PARTIES = /^(phonecall|appointment|task)_activity_parties$/

/** A payload as fields; columns that may not be written are passed over, as the service does. */
export function readFields(
  c: Context,
  table: Table,
  body: JsonObject,
  creating: boolean,
): { id: string | null; fields: Fields } {
  const { pk, set } = table.definition
  const fields: Fields = {}
  let id: string | null = null
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith('@odata.bind')) Object.assign(fields, bind(c, table, name.slice(0, -11), value))
    else if (name.includes('@') || PARTIES.test(name)) continue
    else if (name === pk) id = String(coerce(table, table.columns.get(pk)!, value))
    else {
      const column = table.columns.get(name)
      if (!column) Object.assign(fields, navigation(c, table, name, value))
      else if (column.targets)
        throw payload(
          set,
          'Microsoft.Crm.CrmException: CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
        )
      else if (creating ? column.create : column.update) fields[name] = coerce(table, column, value)
    }
  }
  return { id, fields }
}

function navigation(c: Context, table: Table, name: string, value: Json): Fields {
  const found = lookupOf(table, name)
  if (!found) throw undeclared(table.definition.set, name)
  if (value === null) return cleared(c.org, found.column)
  throw new ServiceError(501, '0x80060888', 'Deep insert is not supported by this simulator.')
}

export function cleared(org: Organization, column: Column): Fields {
  if (column.type === 'Owner') throw odata('The owner of a row cannot be cleared.')
  return org ? { [column.wire]: null, [`${column.wire}@type`]: null } : {}
}

function bind(c: Context, table: Table, nav: string, value: Json): Fields {
  const found = lookupOf(table, nav)
  if (!found) throw undeclared(table.definition.set, nav)
  if (value === null) return cleared(c.org, found.column)
  const target = resolve(c, String(value))
  if (!found.targets.has(target.table.definition.logical))
    throw payload(
      table.definition.set,
      `Microsoft.OData.ODataException: A resource of type '${target.table.definition.logical}' cannot be bound to '${nav}'.`,
    )
  return pointAt(c.org, found.column, target)
}

export type Target = { table: Table; id: string }

export function pointAt(org: Organization, column: Column, target: Target): Fields {
  const type = target.table.definition.logical
  if (column.type === 'Owner') return ownerFields(org, target.id, type)
  return { [column.wire]: target.id, [`${column.wire}@type`]: type }
}

/** The row that an address names: absolute, or relative with or without a leading slash, by any key. */
export function resolve(c: Context, address: string): Target {
  let path = address
  const reference = /^\$(\w+)$/.exec(address)?.[1]
  if (reference !== undefined) {
    const made = c.references.get(reference)
    if (!made) throw odata(`Content-ID Reference: '${address}' does not exist in the batch context.`)
    path = made
  }
  const segment = decodeURIComponent(
    path
      .replace(/^https?:\/\/[^/]+/, '')
      .replace(/^\/?(?:api\/data\/v9\.\d\/)?/, '')
      .replace(/^\//, ''),
  )
  const set = segment.split('(')[0] ?? ''
  const table = c.org.sets.get(set)
  if (!table || !segment.includes('(')) throw odata(`Resource not found for the segment '${segment}'.`, 404)
  const key = readKey(table, segment)
  if (key.row === undefined || key.id === null) throw key.missing()
  return { table, id: key.id }
}

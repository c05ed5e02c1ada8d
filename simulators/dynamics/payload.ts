import { demand } from './auth.ts'
import { ownerFields } from './change-rows.ts'
import { coerce } from './coerce.ts'
import { odata, payload, ServiceError, undeclared } from './errors.ts'
import { lookupOf } from './expand.ts'
import type { Json, JsonObject } from './json-body.ts'
import type { Organization } from './organization.ts'
import { partiesName, readParties } from './parties.ts'
import { type Context, resolve, type Target } from './resolve.ts'
import type { Column, Fields } from './schema.ts'
import type { Table } from './table.ts'

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
    else if (name.includes('@')) continue
    else if (name === partiesName(table)) fields[name] = readParties(c, table, value)
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
  if (found.column.type !== 'Owner') {
    demand(c.org, c.userId, 'Append', table.definition.logical)
    demand(c.org, c.userId, 'AppendTo', target.table.definition.logical)
  }
  return pointAt(c.org, found.column, target)
}

export function pointAt(org: Organization, column: Column, target: Target): Fields {
  const type = target.table.definition.logical
  if (column.type === 'Owner') return ownerFields(org, target.id, type)
  return { [column.wire]: target.id, [`${column.wire}@type`]: type }
}

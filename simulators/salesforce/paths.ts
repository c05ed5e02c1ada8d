import { noColumn } from './errors.ts'
import type { Organisation } from './organisation.ts'
import type { Field, Value } from './schema.ts'
import { find, type Row, reader, type Table } from './table.ts'

/** A field of a row or of one that it refers to: `Owner.Name`. */
export type Path = { field: Field; read: (row: Row) => Value }

export function hiddenFields(org: Organisation, object: string): true | Set<string> {
  const hidden = org.settings.hidden[object]
  return hidden === true ? true : new Set(hidden ?? [])
}

export function visibleField(org: Organisation, table: Table, name: string): Field {
  const found = table.fields.get(name.toLowerCase())
  const hidden = hiddenFields(org, table.definition.name)
  if (!found || hidden === true || hidden.has(found.name)) throw noColumn(name, table.definition.name)
  return found
}

export function pathOf(org: Organisation, table: Table, given: string): Path {
  const [first = '', ...rest] = given.split('.')
  if (rest.length === 0) {
    const field = visibleField(org, table, first)
    return { field, read: reader(table, field.name) }
  }
  if (first.toLowerCase() === table.definition.name.toLowerCase()) return pathOf(org, table, rest.join('.'))
  const reference = table.definition.fields.find((f) => f.relationshipName?.toLowerCase() === first.toLowerCase())
  if (!reference) throw noColumn(given, table.definition.name)
  const readId = reader(table, reference.name)
  const targets = reference.referenceTo.flatMap((name) => org.tables.get(name.toLowerCase()) ?? [])
  const inner = new Map(targets.flatMap((t) => tryPath(org, t, rest.join('.'))))
  const sample = [...inner.values()][0]
  if (!sample) throw noColumn(given, table.definition.name)
  return {
    field: sample.field,
    read(row) {
      const id = readId(row)
      if (typeof id !== 'string') return null
      const target = org.prefixes.get(id.slice(0, 3))
      const path = target && inner.get(target)
      const found = target && find(target, id)
      return path && found !== undefined ? path.read(found) : null
    },
  }
}

/** Of a reference to several objects, those that have the field. */
function tryPath(org: Organisation, table: Table, given: string): [Table, Path][] {
  try {
    return [[table, pathOf(org, table, given)]]
  } catch {
    return []
  }
}

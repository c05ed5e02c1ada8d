import type { Organisation } from './organisation.ts'
import { pathOf } from './paths.ts'
import { find, idOf, type Row, reader, type Table } from './table.ts'

type Writer = (row: Row) => string

export const sobjectUrl = (version: string, object: string, id: string) =>
  `/services/data/${version}/sobjects/${object}/${id}`

/** Writes rows as JSON with these fields, in this order; fields of referred rows are nested. */
export function recordWriter(org: Organisation, table: Table, fields: string[], version: string): Writer {
  const { name } = table.definition
  const head = `{"attributes":{"type":"${name}","url":"/services/data/${version}/sobjects/${name}/`
  const parts = memberWriters(org, table, fields, version)
  const hasParts = parts.length > 0
  return (row) => {
    let out = `${head}${idOf(table, row)}"}`
    if (hasParts) for (const part of parts) out += part(row)
    return `${out}}`
  }
}

function memberWriters(org: Organisation, table: Table, fields: string[], version: string): Writer[] {
  const parts: Writer[] = []
  const nested = new Map<string, string[]>()
  for (const given of fields) {
    const [first = '', ...rest] = given.split('.')
    if (rest.length > 0) {
      if (!nested.has(first)) {
        nested.set(first, [])
        parts.push((row) => nestedWriter(org, table, [first, nested.get(first)!, version])(row))
      }
      nested.get(first)!.push(rest.join('.'))
      continue
    }
    const { field, read } = pathOf(org, table, given)
    const key = `,${JSON.stringify(field.name)}:`
    parts.push((row) => key + JSON.stringify(read(row)))
  }
  return parts
}

function nestedWriter(
  org: Organisation,
  table: Table,
  [relation, fields, version]: [string, string[], string],
): Writer {
  const reference = table.definition.fields.find((f) => f.relationshipName?.toLowerCase() === relation.toLowerCase())!
  const readId = reader(table, reference.name)
  return (row) => {
    const key = `,${JSON.stringify(reference.relationshipName)}:`
    const id = readId(row)
    const target = typeof id === 'string' ? org.prefixes.get(id.slice(0, 3)) : undefined
    const found = target && find(target, id as string)
    if (!target || found === undefined) return `${key}null`
    return key + recordWriter(org, target, fields, version)(found)
  }
}

/** All fields that the integration user sees. */
export function allFields(org: Organisation, table: Table): string[] {
  const hidden = org.settings.hidden[table.definition.name]
  return table.definition.fields.map((f) => f.name).filter((name) => !Array.isArray(hidden) || !hidden.includes(name))
}

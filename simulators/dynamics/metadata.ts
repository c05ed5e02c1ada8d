import { odata, ServiceError } from './errors.ts'
import { compileFilter } from './evaluate.ts'
import { json, type Reply } from './http.ts'
import {
  attributeObject,
  attributesOf,
  castOf,
  entityObject,
  keyObject,
  type Meta,
  manyToOne,
  optionSets,
} from './metadata-objects.ts'
import type { Organization } from './organization.ts'
import { parseQuery, type Query } from './query.ts'
import type { Value } from './schema.ts'
import type { Table } from './table.ts'

type MetadataRequest = { org: Organization; root: string; query: string }

/** `segments` are the path's parts after the version, `EntityDefinitions` first. */
export function metadataPage(r: MetadataRequest, segments: string[]): Reply {
  const query = parseQuery(r.query)
  const [first = '', ...rest] = segments
  const key = keyOf(first)
  if (first.startsWith('GlobalOptionSetDefinitions'))
    return list(r, query, { objects: [], context: 'GlobalOptionSetDefinitions' })
  if (key === null) {
    if (rest.length > 0) throw notFound(rest[0]!)
    const all = [...r.org.tables.values()].map((table) =>
      shaped(entityObject(table), query, (nav, inner) => related(r, table, nav, inner)),
    )
    return list(r, query, { objects: all, context: 'EntityDefinitions', ofTables: true })
  }
  const table = tableOf(r.org, key)
  if (rest.length === 0) {
    const object = pick(
      shaped(entityObject(table), query, (nav, inner) => related(r, table, nav, inner)),
      query,
      true,
    )
    return one(r, object, 'EntityDefinitions')
  }
  return part(r, table, rest, query)
}

function part(r: MetadataRequest, table: Table, segments: string[], query: Query): Reply {
  const [collection = '', cast] = segments
  const key = keyOf(collection)
  const name = collection.split('(')[0]!
  const context = `EntityDefinitions('${table.definition.logical}')/${name}${cast ? `/${cast}` : ''}`
  const objects = members(table, name, cast).map((object) => ({ ...object, ...expansion(r, table, object, query) }))
  if (key === null) return list(r, query, { objects, context })
  const found = objects.find((o) => matchesKey(o, key))
  if (!found)
    throw new ServiceError(404, '0x80060891', `Could not find a ${name} member with the key ${JSON.stringify(key)}.`)
  return one(r, pick(found, query, true), context)
}

function members(table: Table, name: string, cast: string | undefined): Meta[] {
  switch (name) {
    case 'Attributes': {
      const kind = cast ? castOf(cast) : null
      if (cast && !kind) throw notFound(cast)
      const columns = attributesOf(table).filter((c) => kind === null || kind!.types.includes(c.type))
      return columns.map((c) => attributeObject(table, c, cast !== undefined))
    }
    case 'Keys':
      return table.definition.keys.map((key) => keyObject(table, key))
    case 'ManyToOneRelationships':
      return manyToOne(table)
    case 'OneToManyRelationships':
    case 'ManyToManyRelationships':
      return []
    default:
      throw notFound(name)
  }
}

const related = (r: MetadataRequest, table: Table, nav: string, inner: Query): Meta[] => {
  const objects = members(table, nav, undefined).map((object) => ({ ...object, ...expansion(r, table, object, inner) }))
  return filtered(objects, inner).map((object) => pick(object, inner, false))
}

function expansion(_r: MetadataRequest, table: Table, object: Meta, query: Query): Meta {
  const wanted = query.expand.filter((e) => e.nav === 'OptionSet' || e.nav === 'GlobalOptionSet')
  if (wanted.length === 0) return {}
  const sets = optionSets(table, String(object.LogicalName))
  const out: Meta = {}
  for (const { nav, options } of wanted) {
    const set = nav === 'OptionSet' ? sets : null
    out[nav] = set && options.select ? pick(set, options, false) : set
  }
  return out
}

function shaped(object: Meta, query: Query, expand: (nav: string, inner: Query) => Meta[]): Meta {
  const out = { ...object }
  for (const { nav, options } of query.expand) out[nav] = expand(nav, options)
  return out
}

function list(
  r: MetadataRequest,
  query: Query,
  { objects, context, ofTables = false }: { objects: Meta[]; context: string; ofTables?: boolean },
): Reply {
  const rows = filtered(objects, query).map((object) => pick(object, query, !ofTables))
  const select = query.select ? `(${query.select.join(',')})` : ''
  return json(200, JSON.stringify({ '@odata.context': `${r.root}$metadata#${context}${select}`, value: rows }))
}

const one = (r: MetadataRequest, object: Meta, context: string): Reply =>
  json(200, JSON.stringify({ '@odata.context': `${r.root}$metadata#${context}/$entity`, ...object }))

function filtered(objects: Meta[], query: Query): Meta[] {
  if (!query.filter) return objects
  const test = compileFilter<Meta>(query.filter, (path) => ({
    edm: typeof valueAt(objects[0] ?? {}, path) === 'boolean' ? 'Edm.Boolean' : 'enum',
    read: (object) => {
      const value = valueAt(object, path)
      if (value === undefined)
        throw odata(`Could not find a property named '${path}' on type 'Microsoft.Dynamics.CRM.EntityMetadata'.`)
      return value as Value
    },
  }))
  return objects.filter(test)
}

function valueAt(object: Meta, path: string): unknown {
  const value = path.split('/').reduce<unknown>((at, name) => (at as Meta | undefined)?.[name], object)
  // An enum-valued managed property is compared by its value.
  return value !== null && typeof value === 'object' && 'Value' in value ? value.Value : value
}

/** The selected properties; the identifier always stands among them. */
function pick(object: Meta, query: Query, typed: boolean): Meta {
  if (!query.select) return object
  const out: Meta = {}
  if (typed && object['@odata.type']) out['@odata.type'] = object['@odata.type']
  for (const name of query.select) {
    if (!(name in object))
      throw odata(
        `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${typed ? 'AttributeMetadata' : 'EntityMetadata'}'.`,
      )
    out[name] = object[name]
  }
  for (const { nav } of query.expand) out[nav] = object[nav]
  if ('MetadataId' in object) out.MetadataId = object.MetadataId
  return out
}

/** What stands in the parentheses: `LogicalName='account'` or a GUID; null without any. */
export function keyOf(segment: string): { name: string; value: string } | null {
  const inner = /\((.*)\)$/s.exec(segment)?.[1]
  if (inner === undefined || inner === '') return null
  const [, name, quoted] = /^(\w+)='((?:[^']|'')*)'$/.exec(inner) ?? []
  return name === undefined
    ? { name: 'MetadataId', value: inner.toLowerCase() }
    : { name, value: quoted!.replaceAll("''", "'") }
}

const matchesKey = (object: Meta, key: { name: string; value: string }) =>
  String(object[key.name] ?? '').toLowerCase() === key.value.toLowerCase()

export function tableOf(org: Organization, key: { name: string; value: string }): Table {
  for (const table of org.tables.values()) {
    const { metadataId: MetadataId, logical: LogicalName } = table.definition
    if (matchesKey({ MetadataId, LogicalName }, key)) return table
  }
  const named = key.name === 'LogicalName' ? `entity with a name = '${key.value}'` : `entity with id = ${key.value}`
  throw new ServiceError(404, '0x80060888', `Could not find an ${named} with namemapping = 'Logical' in MetadataCache.`)
}

const notFound = (segment: string) =>
  new ServiceError(404, '0x8006088a', `Resource not found for the segment '${segment}'.`)

import { type DefaultTable, mappedTypes } from '#connectors/default-table.ts'
import type { SourceField, SourceTable } from '#model/field.ts'
import type { Mapping } from '#model/mapping.ts'
import type { DefinedField, TableRequest } from './definition.ts'
import type { SeenField } from './suggest-fields.ts'

/** The table as the hub knows tables, from its definition and, where that leaves the fields open, its first records. */
export function sourceTable(table: TableRequest, seen: readonly SeenField[]): SourceTable {
  const request: TableRequest = table.fields ? table : withSeen(table, seen)
  return {
    name: table.entity,
    setName: table.entity,
    idField: table.id,
    nameField: request.name?.[0]?.[0] ?? null,
    labels: { en: table.label ?? table.entity },
    changeTracking: false,
    fields: fieldsOf(request),
    request,
  }
}

/** What the definition leaves open, as the first records show it. */
function withSeen(table: TableRequest, seen: readonly SeenField[]): TableRequest {
  const of = (role: SeenField['role']) => seen.filter((field) => field.role === role).map((field) => field.path)
  const phones = table.phones ?? of('phone').slice(0, 10)
  const modified = table.modified ?? of('modified')[0]
  return {
    ...table,
    fields: seen.map(({ role: _role, sample: _sample, ...field }) => field),
    name: table.name ?? namesOf(of('name')),
    phones,
    emails: table.emails ?? of('email').slice(0, 10),
    country: table.country ?? of('country').slice(0, 3),
    ...(modified === undefined ? {} : { modified }),
  }
}

/** First and last name together, before any other. */
function namesOf(paths: readonly string[]): string[][] {
  const first = paths.find((path) => /(?:first|given)/i.test(path))
  const last = paths.find((path) => /(?:last|sur)/i.test(path))
  const whole = paths.filter((path) => path !== first && path !== last).map((path) => [path])
  const person = [first, last].filter((path) => path !== undefined)
  return (person.length > 0 ? [person, ...whole] : whole).slice(0, 5)
}

function fieldsOf(table: TableRequest): SourceField[] {
  const fields = new Map<string, DefinedField>()
  const add = (path: string, type: DefinedField['type']) => {
    if (!fields.has(path)) fields.set(path, { path, type })
  }
  fields.set(table.id, { path: table.id, type: 'text' })
  for (const field of table.fields ?? []) if (field.path !== table.id) fields.set(field.path, field)
  for (const path of [...(table.phones ?? []), ...(table.emails ?? []), ...(table.country ?? [])]) add(path, 'text')
  for (const path of (table.name ?? []).flat()) add(path, 'text')
  if (table.modified) add(table.modified, 'datetime')
  if (table.active) add(table.active.path, activeType(table.active.values[0]))
  return [...fields.values()].map(({ path, type, label, entities }) => ({
    name: path,
    type,
    labels: { en: label ?? path },
    ...(entities ? { targets: entities } : {}),
    required: path === table.id,
    readable: true,
    creatable: false,
    updatable: false,
  }))
}

function activeType(value: string | number | boolean | undefined): DefinedField['type'] {
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'number' ? 'integer' : 'text'
}

/** What is copied of a table and what becomes of it, from its description. */
export function suggestTable(source: SourceTable): DefaultTable {
  const table = source.request as TableRequest
  const taken = new Set<string>()
  const mapping: Mapping = {
    fields: Object.fromEntries(
      source.fields.flatMap((field) => {
        const type = mappedTypes[field.type]
        return type === undefined || field.name === table.id
          ? []
          : [[modelName(field.name, taken), { from: field.name, type }]]
      }),
    ),
    name: table.name ?? [],
    alsoSearched: [],
    phones: table.phones ?? [],
    emails: table.emails ?? [],
    country: table.country ?? [],
    active: table.active ? { field: table.active.path, values: table.active.values } : null,
    modifiedAt: isTime(source, table.modified) ? table.modified! : null,
    relations: source.fields.flatMap(relationOf),
  }
  const columns = source.fields.map((field) => field.name)
  const named = { entity: table.entity, table: table.entity, columns, mapping, enabledByDefault: true }
  return table.since ? named : { ...named, scheduleSeconds: wholePassSeconds }
}

/** Each pass over a table that tells no changes reads all of it. */
const wholePassSeconds = 3600

const isTime = (source: SourceTable, path: string | undefined) =>
  source.fields.some((field) => field.name === path && field.type === 'datetime')

/** `address.postal_code` becomes addressPostalCode. */
function modelName(path: string, taken: Set<string>): string {
  const words = path.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '')
  const camel = words
    .map((word, i) => (i === 0 ? word[0]!.toLowerCase() : word[0]!.toUpperCase()) + word.slice(1))
    .join('')
  const name = (/^[a-zA-Z]/.test(camel) ? camel : `field${camel}`).slice(0, 90)
  let unique = name
  for (let i = 2; taken.has(unique); i += 1) unique = `${name}${i}`
  taken.add(unique)
  return unique
}

function relationOf(field: SourceField): Mapping['relations'] {
  const entities = field.targets ?? []
  if (field.type !== 'lookup' || entities.length === 0) return []
  const role = field.name
    .replace(/\.?_?id$/i, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
  return [{ role: role || entities[0]!, from: field.name, entities: [...entities] }]
}

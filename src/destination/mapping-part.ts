import type { Queryable } from '#database/pool.ts'
import type { SourceField } from '#model/field.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { isReserved, sourcesOf } from './check-mapping.ts'
import { columnTakes } from './convert.ts'
import type { Destination } from './destination.ts'
import type { DestinationEntity } from './entities.ts'
import { type Line, linesFor, mappingOf } from './mapping.ts'
import { type LeftOut, planLine } from './plan.ts'
import { findDestination } from './store.ts'
import { ownTables } from './target.ts'

/** Which lines of a destination's mapping: those of one kind of CRM into one table. */
export interface PartName {
  id: string
  entity: DestinationEntity
  crm: string
}

/** One part of a mapping with everything that can be chosen for it. */
export interface MappingPart {
  lines: Line[]
  /** What stands when nobody changed anything. */
  defaults: Line[]
  version: number
  /** Columns that may be filled. */
  columns: SourceField[]
  /** Fields of the CRM, and whether they are copied from every connection of its kind. */
  fields: (SourceField & { copied: boolean })[]
  /** Fields of the hub's model; `from`: what the first connection makes them of. */
  model: { name: string; from: string; type: string }[]
  takes: typeof columnTakes
  left: { to: string; why: LeftOut }[]
  connections: string[]
}

export interface OpenPart {
  destination: Destination
  sources: SyncedTable[]
  to: SyncedTable | undefined
  lines: Line[]
}

export async function openPart(db: Queryable, { id, entity, crm }: PartName): Promise<OpenPart> {
  const destination = await findDestination(db, id)
  const tables = await listTables(db)
  return {
    destination,
    sources: sourcesOf(tables, destination, { entity, crm }),
    to: ownTables(tables, destination).get(entity),
    lines: linesFor(mappingOf(destination.mapping), { crm, entity }),
  }
}

export async function findPart(db: Queryable, name: PartName): Promise<MappingPart> {
  const { entity, crm } = name
  const { destination, sources, to, lines } = await openPart(db, name)
  const source = to?.source
  const writable = (field: SourceField) =>
    field.creatable && field.updatable && !isReserved(field.name, source?.idField)
  return {
    lines,
    defaults: defaultLines(destination, { entity, crm }),
    version: destination.mappingVersion,
    columns: source?.fields.filter((field) => writable(field) && columnTakes[field.type] !== undefined) ?? [],
    fields: fieldsOf(sources),
    model: modelOf(sources),
    takes: columnTakes,
    left: source ? leftOut(lines, { sources, to: source, entities: destination.entities }) : [],
    connections: [...new Set(sources.map(({ connectionId }) => connectionId))],
  }
}

/** Without what people changed of this part; what they changed for any other CRM holds for it too. */
function defaultLines({ mapping }: Destination, { entity, crm }: Pick<PartName, 'entity' | 'crm'>): Line[] {
  const { [crm]: _own, ...others } = mapping?.[entity] ?? {}
  return linesFor(mappingOf({ ...mapping, [entity]: others }), { crm, entity })
}

function fieldsOf(sources: readonly SyncedTable[]): MappingPart['fields'] {
  const found = new Map<string, SourceField & { copied: boolean }>()
  for (const { source, columns } of sources) {
    for (const field of source.fields) {
      if (!field.readable) continue
      const copied = (found.get(field.name)?.copied ?? true) && columns.includes(field.name)
      found.set(field.name, { ...field, copied })
    }
  }
  return [...found.values()]
}

function modelOf(sources: readonly SyncedTable[]): MappingPart['model'] {
  const found = new Map<string, MappingPart['model'][number]>()
  for (const { mapping } of sources) {
    for (const [name, { from, type }] of Object.entries(mapping.fields))
      if (!found.has(name)) found.set(name, { name, from, type })
  }
  return [...found.values()]
}

/** Lines that no connection of this kind can follow. */
function leftOut(
  lines: readonly Line[],
  {
    sources,
    to,
    entities,
  }: { sources: readonly SyncedTable[]; to: SyncedTable['source']; entities: readonly string[] },
): MappingPart['left'] {
  if (sources.length === 0) return []
  return lines.flatMap((line) => {
    const all = sources.map((table) => planLine(line, { table, to, entities }))
    const [why] = all.filter((one) => typeof one === 'string')
    return all.every((one) => typeof one === 'string') && why !== undefined ? [{ to: line.to, why }] : []
  })
}

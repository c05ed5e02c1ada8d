import type { Connector } from '#connectors/connector.ts'
import { recordIds } from '#core/ids.ts'
import type { SourceField, SourceTable } from '#model/field.ts'
import { sourceColumns } from '#model/source-columns.ts'
import type { SyncedTable } from '#records/table.ts'
import { columnTakes, optionOf } from './convert.ts'
import { type DestinationMapping, fieldOf, type Line, linesFor } from './mapping.ts'

/** Why a line of the mapping is not followed in this organisation. */
export type LeftOut = 'no_column' | 'not_writable' | 'not_copied' | 'incompatible'

export interface PlannedColumn {
  to: SourceField
  /** The CRM's field, with how the CRM describes it. */
  from: string
  fromField: SourceField | undefined
  /** For a lookup: how the record ids are made of what it may point at. */
  targets: { entity: string; idOf: (sourceId: string) => string }[]
}

/** How records of one table become rows of the destination. */
export interface RowPlan {
  table: SyncedTable
  to: SourceTable
  columns: PlannedColumn[]
  /** What the source column says. */
  label: string
  /** Its value; null where the choice has no such option. */
  crm: string | number | null
  /** Longest address that the column takes; 0: no column. */
  urlLength: number
  url: (sourceId: string) => string
}

export interface PlanInput {
  table: SyncedTable
  to: SourceTable
  mapping: DestinationMapping
  label: string
  entities: readonly string[]
  recordUrl: Connector['recordUrl']
}

export function planRows({ table, to, mapping, label, entities, recordUrl }: PlanInput): RowPlan {
  const column = (name: string) => to.fields.find((field) => field.name === name)
  const crm = column(sourceColumns.crm)
  const columns = linesFor(mapping, table).flatMap((line) => {
    const planned = planLine(line, { table, to, entities })
    return typeof planned === 'string' ? [] : [planned]
  })
  return {
    table,
    to,
    columns,
    label,
    crm: crm?.type === 'choice' ? optionOf(crm, label) : label,
    urlLength: column(sourceColumns.url)?.maxLength ?? 0,
    url: (sourceId) => recordUrl(table.url, table.source, sourceId),
  }
}

interface LineContext {
  table: SyncedTable
  to: SourceTable
  entities: readonly string[]
}

/** A lookup is named with or without the form in which it is read. */
export const columnOf = (to: SourceTable, name: string) =>
  to.fields.find((field) => field.name === name || field.name === `_${name}_value`)

export function planLine(line: Line, { table, to, entities }: LineContext): PlannedColumn | LeftOut {
  const column = columnOf(to, line.to)
  if (!column) return 'no_column'
  if (!column.creatable || !column.updatable) return 'not_writable'
  const from = fieldOf(line, table)
  if (from === null || !table.columns.includes(from)) return 'not_copied'
  const fromField = table.source.fields.find((field) => field.name === from)
  const points = column.type === 'lookup'
  // "ID and reference aren't accepted" in a text column, and more of the kind.
  if (fromField && !columnTakes[column.type]?.includes(fromField.type)) return 'incompatible'
  const relation = table.mapping.relations.find((candidate) => candidate.from === from)
  const may = (relation?.entities ?? fromField?.targets ?? []).filter((entity) => entities.includes(entity))
  const targets = may
    .filter((entity) => column.targets?.includes(entity))
    .map((entity) => ({ entity, idOf: recordIds({ crm: table.crm, organisation: table.organisation, entity }) }))
  if (points && targets.length === 0) return 'incompatible'
  return { to: column, from, fromField, targets: points ? targets : [] }
}

import { HubError } from '#core/errors.ts'
import { sourceColumns } from '#model/source-columns.ts'
import type { SyncedTable } from '#records/table.ts'
import type { Destination } from './destination.ts'
import { defaultMapping, type Line, linesFor, type MappingChange, mappingOf } from './mapping.ts'
import { columnOf, planLine } from './plan.ts'
import { ownTables } from './target.ts'

const reserved = new Set<string>(Object.values(sourceColumns))

/** Columns that the hub writes by itself: nobody else fills them. */
export const isReserved = (column: string, idField: string | undefined): boolean =>
  reserved.has(column) || column === idField

/** Throws mapping.invalid naming the column. */
export function checkMapping(tables: readonly SyncedTable[], destination: Destination, mapping: MappingChange): void {
  const own = ownTables(tables, destination)
  const parts = Object.entries(mapping).flatMap(([entity, kinds]) =>
    Object.entries(kinds).map(([crm, lines]) => ({ entity, crm, lines })),
  )
  for (const { entity, crm, lines } of parts) {
    needOnce(entity, lines)
    const to = [...own].find(([name]) => name === entity)?.[1].source
    const sources = sourcesOf(tables, destination, { entity, crm })
    for (const line of lines) {
      const why = refusal(line, to) ?? (to ? misfit(line, { to, sources, destination }) : null)
      if (why === null) continue
      throw new HubError('mapping.invalid', `${entity}: ${line.to} ${why}`, {
        field: line.to,
        mend: 'Choose a column of the destination that can be written, and a field that fits it.',
      })
    }
  }
}

/** The tables whose records are written by the lines of this kind; `*`: of those that have none of their own. */
export function sourcesOf(
  tables: readonly SyncedTable[],
  { connectionId, mapping }: Pick<Destination, 'connectionId' | 'mapping'>,
  { entity, crm }: { entity: string; crm: string },
): SyncedTable[] {
  const kinds = mappingOf(mapping)
  return tables.filter((table) => {
    if (table.connectionId === connectionId || table.entity !== entity || !table.enabled) return false
    return crm === '*' ? linesFor(kinds, table) === linesFor(kinds, { crm: '*', entity }) : table.crm === crm
  })
}

function refusal({ to }: Line, table: SyncedTable['source'] | undefined): string | null {
  if (isReserved(to, table?.idField)) return 'is written by the hub itself'
  const column = table && columnOf(table, to)
  // One of the vendor's own list, of which not every organisation has all.
  if (!column) return isDefault(to) ? null : 'is no column of the destination'
  return column.creatable && column.updatable ? null : 'cannot be written'
}

const isDefault = (to: string) =>
  Object.values(defaultMapping).some((kinds) =>
    Object.values(kinds).some((lines) => lines.some((line) => line.to === to)),
  )

/** Fits no table of its kind at all. */
function misfit(
  line: Line,
  { to, sources, destination }: { to: SyncedTable['source']; sources: SyncedTable[]; destination: Destination },
): string | null {
  const { entities } = destination
  const all = sources.map((table) => planLine(line, { table, to, entities }))
  const from = 'field' in line ? line.field : line.model
  return all.length > 0 && all.every((one) => one === 'incompatible') ? `takes no values of the type of ${from}` : null
}

function needOnce(entity: string, lines: readonly Line[]): void {
  const seen = new Set<string>()
  for (const { to } of lines) {
    if (seen.has(to)) throw new HubError('mapping.invalid', `${entity}: ${to} is filled twice`, { field: to })
    seen.add(to)
  }
}

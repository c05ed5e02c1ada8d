import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { DefaultTable } from '#connectors/default-table.ts'
import { HubError } from '#core/errors.ts'
import type { SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import type { Mapping } from '#model/mapping.ts'
import type { SyncedTable } from '#records/table.ts'
import { checkFilter } from './check-filter.ts'
import { checkMapping, pruneMapping, readableField } from './check-mapping.ts'

export interface TableChange {
  enabled?: boolean | undefined
  columns?: readonly string[] | undefined
  filter?: Filter | null | undefined
  mapping?: Mapping | undefined
  scheduleSeconds?: number | undefined
  /** The settingsVersion that the change was made upon; without it the change is made upon whatever stands. */
  version?: string | undefined
}

/** A table's settings after a change, and what the change asks of the records. */
export interface TablePlan {
  enabled: boolean
  columns: string[]
  filter: Filter | null
  mapping: Mapping
  scheduleSeconds: number
  /** Rows must be read again from the CRM: columns were added or the filter is another one. */
  reread: boolean
  /** What is derived from rows must be made again, without asking the CRM. */
  rederive: boolean
}

type Settings = Pick<SyncedTable, 'enabled' | 'columns' | 'filter' | 'mapping' | 'scheduleSeconds' | 'source'>

/** Another text once any of the settings is another: what a change was made upon is told by it. */
export function settingsVersion(table: Omit<Settings, 'source'>): string {
  const { enabled, columns, filter, mapping, scheduleSeconds } = table
  return hash('sha256', JSON.stringify([enabled, columns, filter, mapping, scheduleSeconds])).slice(0, 16)
}

/** Throws settings.changed: whoever asks saw other settings than those that stand. */
export function needVersion(table: Settings & { entity: string }, seen: string | undefined): void {
  if (seen === undefined || seen === settingsVersion(table)) return
  throw new HubError('settings.changed', `The settings of ${table.entity} were changed by somebody else meanwhile`, {
    mend: 'Look at them again, then put your change on top.',
  })
}

// A day; a table that should be read less often is switched off.
const longestSchedule = 86_400

/** Throws field.unknown, mapping.invalid, filter.invalid or input.invalid, naming the field and what is allowed. */
export function planChange(table: Settings, change: TableChange): TablePlan {
  const { source } = table
  const columns = change.columns ? withId(change.columns, source) : table.columns
  for (const name of columns) readableField(source, name)
  const mapping = change.mapping ?? table.mapping
  checkMapping(mapping, source, columns)
  const filter = change.filter === undefined ? table.filter : change.filter
  if (filter !== null) checkFilter(filter, source, columns)
  const scheduleSeconds = change.scheduleSeconds ?? table.scheduleSeconds
  if (!Number.isInteger(scheduleSeconds) || scheduleSeconds < 1 || scheduleSeconds > longestSchedule) {
    throw new HubError('input.invalid', `A schedule of ${scheduleSeconds} seconds is not possible`, {
      field: 'scheduleSeconds',
      mend: `Give a whole number from 1 to ${longestSchedule}.`,
    })
  }
  const added = columns.some((name) => !table.columns.includes(name))
  const reread = added || !isDeepStrictEqual(filter, table.filter)
  const rederive = !isDeepStrictEqual(mapping, table.mapping)
  return { enabled: change.enabled ?? table.enabled, columns, filter, mapping, scheduleSeconds, reread, rederive }
}

function withId(columns: readonly string[], source: SourceTable): string[] {
  return [...new Set([source.idField, ...columns])]
}

/** What a table's columns and mapping become where some columns cannot be read in this organisation. */
export interface Fitted {
  columns: string[]
  mapping: Mapping
  dropped: string[]
}

export function fitToSource(
  wanted: Pick<DefaultTable, 'columns' | 'mapping' | 'optional'>,
  source: SourceTable,
): Fitted {
  const readable = new Set(source.fields.filter((field) => field.readable).map((field) => field.name))
  const columns = withId(wanted.columns, source).filter((name) => readable.has(name) || name === source.idField)
  const missing = wanted.columns.filter((name) => !columns.includes(name))
  return {
    columns,
    mapping: missing.length > 0 ? pruneMapping(wanted.mapping, new Set(columns)) : wanted.mapping,
    dropped: missing.filter((name) => !wanted.optional?.includes(name)),
  }
}

/** What is noted at a table that is copied without some of its usual columns. */
export function noteDropped(table: string, dropped: readonly string[]): TableNote {
  return {
    code: 'field.unknown',
    message: `Not copied, since ${table} has no readable column of this name: ${dropped.join(', ')}`,
    mend: 'Nothing, if these columns are not needed here; else let the application user read them.',
    note: true,
  }
}

export interface TableNote {
  code: HubError['code']
  message: string
  mend?: string
  /** The table is copied all the same. */
  note?: true
}

import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { DefaultTable } from '#connectors/default-table.ts'
import { HubError } from '#core/errors.ts'
import type { SourceField, SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import type { Mapping } from '#model/mapping.ts'
import { sourceColumns } from '#model/source-columns.ts'
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
  /** Without what it still told of columns that were gone and are no longer wanted. */
  source: SourceTable
  /** Rows must be read again from the CRM: columns were added, one that is gone was dropped, or the filter is another one. */
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
  for (const name of columns) {
    const { gone } = readableField(source, name)
    if (gone !== undefined && !table.columns.includes(name)) throw goneField(source, name)
  }
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
  const isDropped = ({ name, gone }: SourceField) => gone !== undefined && !columns.includes(name)
  const fields = source.fields.filter((field) => !isDropped(field))
  // Once nobody wants them any more the last values of a column that is gone go too: rows are stored as they are read.
  const dropped = fields.length < source.fields.length
  const reread = added || dropped || !isDeepStrictEqual(filter, table.filter)
  const rederive = !isDeepStrictEqual(mapping, table.mapping)
  return {
    ...{ enabled: change.enabled ?? table.enabled, columns, filter, mapping, scheduleSeconds, reread, rederive },
    source: dropped ? { ...source, fields } : source,
  }
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
  const readable = new Set(
    source.fields.filter((field) => field.readable && field.gone === undefined).map((field) => field.name),
  )
  const columns = withId(wanted.columns, source).filter((name) => readable.has(name) || name === source.idField)
  const missing = wanted.columns.filter((name) => !columns.includes(name))
  return {
    columns,
    mapping: missing.length > 0 ? pruneMapping(wanted.mapping, new Set(columns)) : wanted.mapping,
    dropped: missing.filter((name) => !wanted.optional?.includes(name)),
  }
}

/** A table's new description, with what it no longer tells of the columns that are copied. */
export interface Refreshed {
  source: SourceTable
  columns: string[]
  mapping: Mapping
  /** Columns that the CRM shows no longer since this description. */
  vanished: string[]
  /** Columns that it shows again. */
  returned: string[]
  /** Columns of which nothing is known: they are copied no longer. */
  dropped: string[]
  /** What is said of it at the table, where there is something new to say. */
  problem: TableNote | null
}

/**
 * A column that is gone stays as it was last described, with the time since when, until it comes back or a person takes
 * it out of the table. One that comes back as something else is another column.
 */
export function refreshSource(
  table: Pick<SyncedTable, 'columns' | 'mapping' | 'source'>,
  described: SourceTable,
  now: string,
): Refreshed {
  const known = new Map(table.source.fields.map((field) => [field.name, field]))
  const shown = new Map(described.fields.filter(({ readable }) => readable).map((field) => [field.name, field]))
  const kept = new Map<string, SourceField>()
  for (const name of table.columns) {
    const [before, after] = [known.get(name), shown.get(name)]
    const isBack = after !== undefined && (before?.gone === undefined || before.type === after.type)
    // By its own columns a destination tells its rows apart: without them there is nothing to tell by.
    if (isBack || !before || name === described.idField || ownColumns.has(name)) continue
    kept.set(name, { ...before, creatable: false, updatable: false, gone: before.gone ?? now })
  }
  const fields = [...described.fields.filter(({ name }) => !kept.has(name)), ...kept.values()]
  const { columns, mapping, dropped } = fitToSource(table, { ...described, fields: fields.map(asShown) })
  const wasGone = (name: string) => known.get(name)?.gone !== undefined
  const vanished = [...kept.keys()].filter((name) => !wasGone(name))
  const noteOfGone = vanished.length > 0 ? noteGone(described.name, [...kept.keys()]) : null
  return {
    ...{ columns, mapping, vanished, dropped, source: { ...described, fields } },
    problem: dropped.length > 0 ? noteDropped(described.name, dropped) : noteOfGone,
    returned: columns.filter((name) => wasGone(name) && !kept.has(name)),
  }
}

const ownColumns: ReadonlySet<string> = new Set(Object.values(sourceColumns))

const asShown = ({ gone: _gone, ...field }: SourceField): SourceField => field

/** What is noted at a table of which columns are gone. */
function noteGone(table: string, gone: readonly string[]): TableNote {
  return {
    code: 'field.unknown',
    message: `No longer shown of ${table}, so that the last values are kept: ${gone.join(', ')}`,
    mend: 'Let the application user read these columns again, or take them out of the table: then their values go.',
    note: true,
  }
}

function goneField(source: SourceTable, name: string): HubError {
  return new HubError('field.unknown', `The column ${name} of ${source.name} is gone from the CRM`, {
    field: name,
    mend: 'Take another column, or let the application user read this one again.',
  })
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

import type { Filter, TableChange, TableDetail } from '../../api/tables.ts'
import { columnsOf, type Fault, type Group, readTree, treeOf } from './filter-tree.ts'

export type Mapping = TableDetail['mapping']

/** The settings of a table while they are edited. */
export interface Draft {
  enabled: boolean
  scheduleSeconds: number
  columns: string[]
  tree: Group | null
  mapping: Mapping
}

export function draftOf(
  table: Pick<TableDetail, 'enabled' | 'scheduleSeconds' | 'columns' | 'filter' | 'mapping'>,
): Draft {
  const { enabled, scheduleSeconds, columns, filter, mapping } = table
  return { enabled, scheduleSeconds, columns, tree: treeOf(filter), mapping }
}

export const withChange = (draft: Draft, change: Partial<Draft>): Draft => withNeeded({ ...draft, ...change })

/** What is mapped, searched or filtered by must be copied: it is added by itself rather than asked for. */
function withNeeded(draft: Draft): Draft {
  const missing = [...usedColumns(draft.mapping), ...(draft.tree ? columnsOf(draft.tree) : [])].filter(
    (name) => !draft.columns.includes(name),
  )
  return missing.length > 0 ? { ...draft, columns: [...draft.columns, ...new Set(missing)] } : draft
}

/** A column taken out of the table: nothing is made of it any more. */
export function withoutColumn(draft: Draft, name: string): Pick<Draft, 'columns' | 'mapping'> {
  const { mapping } = draft
  const others = (names: readonly string[]) => names.filter((each) => each !== name)
  return {
    columns: others(draft.columns),
    mapping: {
      fields: Object.fromEntries(Object.entries(mapping.fields).filter(([, { from }]) => from !== name)),
      name: mapping.name.map(others).filter((names) => names.length > 0),
      alsoSearched: others(mapping.alsoSearched),
      phones: others(mapping.phones),
      emails: others(mapping.emails),
      country: others(mapping.country),
      active: mapping.active?.field === name ? null : mapping.active,
      modifiedAt: mapping.modifiedAt === name ? null : mapping.modifiedAt,
      relations: mapping.relations.filter(({ from }) => from !== name),
    },
  }
}

export function usedColumns(mapping: Mapping): Set<string> {
  return new Set([
    ...Object.values(mapping.fields).map((field) => field.from),
    ...mapping.name.flat(),
    ...mapping.alsoSearched,
    ...mapping.phones,
    ...mapping.emails,
    ...mapping.country,
    ...(mapping.active ? [mapping.active.field] : []),
    ...(mapping.modifiedAt ? [mapping.modifiedAt] : []),
    ...mapping.relations.map((relation) => relation.from),
  ])
}

/** What differs from the settings that stand, and what keeps the filter from being finished. */
export function changeOf(draft: Draft, table: TableDetail): { change: TableChange; faults: Map<number, Fault> } {
  const { filter, faults } = readTree(draft.tree, table.fields)
  const change: TableChange = {}
  if (draft.enabled !== table.enabled) change.enabled = draft.enabled
  if (draft.scheduleSeconds !== table.scheduleSeconds) change.scheduleSeconds = draft.scheduleSeconds
  if (!sameSet(draft.columns, table.columns)) change.columns = draft.columns
  if (faults.size > 0 || !same(filter, normal(table.filter, table))) change.filter = filter
  if (!same(draft.mapping, table.mapping)) change.mapping = draft.mapping
  return { change, faults }
}

/** A filter in the form that the editor gives it, so that only what means something else counts as changed. */
const normal = (filter: Filter | null, table: TableDetail) => readTree(treeOf(filter), table.fields).filter

/** How many things a person changed, each mapped field counted by itself. */
export function countChanges(change: TableChange, table: TableDetail): number {
  const { mapping = table.mapping, columns, ...others } = change
  const fields = changedKeys(mapping.fields, table.mapping.fields).length
  const rest = changedKeys({ ...mapping, fields: 0 }, { ...table.mapping, fields: 0 }).length
  const count = Object.keys(others).length + fields + rest
  // A column that is copied for the sake of another change is no change of its own.
  return count === 0 && columns ? 1 : count
}

export function changedKeys(a: object, b: object): string[] {
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((key) => !same(left[key], right[key]))
}

/** Equal as data, whatever the order of members. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}

const sameSet = (a: readonly string[], b: readonly string[]) => same([...a].sort(), [...b].sort())

/** Mine on top of theirs: each part that I changed is mine, all others are theirs. */
export function rebase(mine: Draft, base: TableDetail, theirs: TableDetail): Draft {
  const start = draftOf(base)
  const other = draftOf(theirs)
  const mapping = { ...merged(mine.mapping, start.mapping, other.mapping) } as Mapping
  mapping.fields = merged(mine.mapping.fields, start.mapping.fields, other.mapping.fields) as Mapping['fields']
  const added = mine.columns.filter((name) => !start.columns.includes(name))
  const removed = start.columns.filter((name) => !mine.columns.includes(name))
  const touched = !same(readTree(mine.tree, base.fields).filter, normal(base.filter, base))
  return withNeeded({
    enabled: mine.enabled === start.enabled ? other.enabled : mine.enabled,
    scheduleSeconds: mine.scheduleSeconds === start.scheduleSeconds ? other.scheduleSeconds : mine.scheduleSeconds,
    columns: [...new Set([...other.columns, ...added])].filter((name) => !removed.includes(name)),
    tree: touched ? mine.tree : other.tree,
    mapping,
  })
}

function merged(mine: object, base: object, theirs: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...theirs }
  for (const key of changedKeys(mine, base)) {
    const value = (mine as Record<string, unknown>)[key]
    if (value === undefined) delete result[key]
    else result[key] = value
  }
  return result
}

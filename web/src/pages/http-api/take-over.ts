import type { Definition, Trial } from '../../api/http-apis.ts'
import { textAt, valueAt, withValue } from './definition-draft.ts'

export const uses = ['id', 'name', 'phone', 'email', 'country', 'modified'] as const
export type Use = (typeof uses)[number]

const lists = { phone: 'phones', email: 'emails', country: 'country' } as const

/** What a field is used as: told by the table, or suggested where the table leaves it open. */
export function currentUse(table: unknown, trial: Trial, path: string): Use | null {
  if (textAt(table, 'id') === path) return 'id'
  if (namesOf(table, trial).some((parts) => parts.includes(path))) return 'name'
  for (const [use, list] of Object.entries(lists) as [keyof typeof lists, string][]) {
    const told = valueAt(table, list)
    if (pathsOf(told ?? valueAt(trial.mapping, list)).includes(path)) return use
  }
  const modified = textAt(table, 'modified') || (trial.mapping.modifiedAt ?? '')
  return modified === path ? 'modified' : null
}

/** The definition with that field used so, and no longer as what it was. */
export function withUse(definition: Definition, index: number, taken: { trial: Trial; path: string; use: Use | null }) {
  const { trial, path, use } = taken
  const at = (name: string) => `tables.${index}.${name}`
  const table = valueAt(definition, `tables.${index}`)
  const before = currentUse(table, trial, path)
  if (before === use) return definition
  let next = definition
  const set = (name: string, value: unknown) => {
    next = withValue(next, at(name), value)
  }
  if (before === 'name')
    set(
      'name',
      namesOf(table, trial)
        .map((parts) => parts.filter((part) => part !== path))
        .filter((parts) => parts.length > 0),
    )
  if (before === 'modified') set('modified', undefined)
  if (before && before in lists) {
    const list = lists[before as keyof typeof lists]
    set(
      list,
      pathsOf(valueAt(table, list) ?? valueAt(trial.mapping, list)).filter((each) => each !== path),
    )
  }
  if (use === 'id') set('id', path)
  if (use === 'name') set('name', [...namesOf(table, trial), [path]])
  if (use === 'modified') {
    set('modified', path)
    if (textAt(table, 'version.path') === '') set('version', { path })
  }
  if (use && use in lists) {
    const list = lists[use as keyof typeof lists]
    set(list, [...pathsOf(valueAt(table, list) ?? valueAt(trial.mapping, list)), path])
  }
  return next
}

function namesOf(table: unknown, trial: Trial): string[][] {
  const told = valueAt(table, 'name')
  return Array.isArray(told) ? (told as string[][]) : trial.mapping.name
}

const pathsOf = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : [])

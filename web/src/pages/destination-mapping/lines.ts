import type { MappingPart } from '../../api/destinations.ts'
import type { SourceField } from '../../api/tables.ts'
import { same } from '../table-editor/draft.ts'

export type Line = MappingPart['lines'][number]

/** One name for both kinds of what a column is filled from: the CRM's own fields, and the hub's. */
export const keyOf = (line: Line): string => ('field' in line ? `field:${line.field}` : `model:${line.model}`)

export function lineOf(to: string, key: string): Line {
  const name = key.slice(key.indexOf(':') + 1)
  return key.startsWith('field:') ? { to, field: name } : { to, model: name }
}

export const codeOf = (key: string): string => key.slice(key.indexOf(':') + 1)

/** A lookup is named with or without the form in which it is read. */
export const plainName = (column: string): string => column.replace(/^_(.+)_value$/, '$1')

export const columnOf = (part: MappingPart, to: string): SourceField | undefined =>
  part.columns.find(({ name }) => name === to || plainName(name) === to)

/** What a column can be filled from: the hub's fields by their own names, then the CRM's. */
export function sourcesOf(part: MappingPart, nameOf: (name: string, from: SourceField | undefined) => string) {
  const model = part.model.flatMap(({ name, from, type }): SourceField[] => {
    const field = part.fields.find((each) => each.name === from)
    return [
      {
        ...(field ?? { required: false, creatable: false, updatable: false }),
        name: `model:${name}`,
        type: field?.type ?? type,
        labels: { en: nameOf(name, field) },
        readable: true,
      },
    ]
  })
  const used = new Set(part.lines.map(keyOf))
  const own = part.fields
    .filter(({ copied, name }) => copied || used.has(`field:${name}`))
    .map(({ copied: _, ...field }): SourceField => ({ ...field, name: `field:${field.name}` }))
  const known = new Set([...model, ...own].map(({ name }) => name))
  // What a line names and the CRM does not have: shown there, and not to be chosen.
  const unknown = [...used]
    .filter((key) => !known.has(key))
    .map(
      (key): SourceField => ({
        ...{ name: key, type: 'other', labels: { en: codeOf(key) } },
        ...{ required: false, readable: false, creatable: false, updatable: false },
      }),
    )
  return { model, own, all: [...model, ...own, ...unknown] }
}

/** Columns whose line is another one, one that is new, or none any more. */
export function changedColumns(lines: readonly Line[], base: readonly Line[]): string[] {
  const find = (list: readonly Line[], to: string) => list.find((line) => line.to === to)
  const all = [...new Set([...base, ...lines].map(({ to }) => to))]
  return all.filter((to) => !same(find(lines, to), find(base, to)))
}

/** Mine on top of theirs. */
export function rebase(mine: readonly Line[], base: readonly Line[], theirs: readonly Line[]): Line[] {
  const changed = new Set(changedColumns(mine, base))
  return [...theirs.filter(({ to }) => !changed.has(to)), ...mine.filter(({ to }) => changed.has(to))]
}

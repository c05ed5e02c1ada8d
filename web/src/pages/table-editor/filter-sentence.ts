import type { Filter } from '../../api/tables.ts'
import type { Text } from '../../text/en.ts'

/** How columns and their values are called. */
export interface Said {
  label(field: string): string
  value(field: string, value: string | number | boolean): string
}

type Words = Text['editor']['sentence']

/** The whole filter as one sentence, in the person's language. */
export function filterSentence(filter: Filter | null, words: Words, said: Said): string {
  return filter === null ? words.every : words.only(clause(filter, words, said, true))
}

function clause(filter: Filter, words: Words, said: Said, outermost = false): string {
  if ('all' in filter || 'any' in filter) {
    const parts = 'all' in filter ? filter.all : filter.any
    const joined = parts
      .map((part) => clause(part, words, said, parts.length === 1 && outermost))
      .join('all' in filter ? words.and : words.or)
    return parts.length > 1 && !outermost ? `(${joined})` : joined
  }
  if ('not' in filter) {
    const inner = clause(filter.not, words, said)
    return words.not(inner.startsWith('(') ? inner : `(${inner})`)
  }
  return condition(filter, words, said)
}

function condition(filter: Extract<Filter, { field: string }>, words: Words, said: Said): string {
  const name = words.quoted(said.label(filter.field))
  const value = (each: string | number | boolean) => said.value(filter.field, each)
  switch (filter.is) {
    case 'null':
    case 'not_null':
      return words[filter.is](name)
    case 'within_days':
      return filter.value > 0 ? words.lastDays(name, filter.value) : words.nextDays(name, -filter.value)
    case 'in':
      return words.in(name, listed(filter.value.map(value), words.orLast))
    default:
      return words[filter.is](name, value(filter.value))
  }
}

function listed(items: string[], or: string): string {
  const last = items.at(-1) ?? ''
  return items.length > 1 ? `${items.slice(0, -1).join(', ')}${or}${last}` : last
}

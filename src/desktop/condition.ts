import type { Condition } from './definitions.ts'
import { type InteractionValues, toldValue } from './interaction-data.ts'

type Told = Omit<InteractionValues, 'links'> & {
  /** How many records the search found; null: it has not been made. */
  matches: number | null
}

/** Whether a workflow runs by itself; without a condition it does. Texts are compared without regard to case. */
export function holds(condition: Condition | null, told: Told): boolean {
  if (condition === null) return true
  if (condition.operator === 'no_match') return told.matches === 0
  const value = toldValue(told, condition.data)
  return tests[condition.operator](wordsOf(value), plain(condition.value))
}

const tests: Record<Exclude<Condition['operator'], 'no_match'>, (values: string[], wanted: string) => boolean> = {
  is: (values, wanted) => values.includes(wanted),
  is_not: (values, wanted) => !values.includes(wanted),
  contains: (values, wanted) => values.some((value) => value.includes(wanted)),
  present: (values) => values.length > 0,
  absent: (values) => values.length === 0,
}

/** Of a list, each; of nothing, none. */
function wordsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list
    .flatMap((one) => (one === null || one === undefined ? [] : [plain(String(one))]))
    .filter((one) => one !== '')
}

const plain = (text: string) => text.trim().toLowerCase()

import type { Filter } from '#model/filter.ts'
import { passes } from './table-filter.ts'

/** Whether a row will be copied; `unknown` where the filter asks for what is not held. */
export type Verdict = 'in' | 'out' | 'unknown'

export type Judge = (values: Record<string, unknown>) => Verdict

/**
 * Judges rows by a filter of which some columns are not held: with all conditions on them taken as met, and as not met.
 * Where both say the same, the missing values change nothing.
 */
export function judgeOf(filter: Filter | null, held: ReadonlySet<string>, now: number): Judge {
  if (filter === null || missingColumns(filter, held).length === 0) {
    return (values) => (passes(filter, values, now) ? 'in' : 'out')
  }
  const atBest = assume(filter, held, true)
  const atWorst = assume(filter, held, false)
  return (values) => {
    if (passes(atWorst, values, now)) return 'in'
    return passes(atBest, values, now) ? 'unknown' : 'out'
  }
}

/** Columns that the filter asks for and that are not held. */
export function missingColumns(filter: Filter | null, held: ReadonlySet<string>): string[] {
  if (filter === null) return []
  if ('all' in filter) return [...new Set(filter.all.flatMap((part) => missingColumns(part, held)))]
  if ('any' in filter) return [...new Set(filter.any.flatMap((part) => missingColumns(part, held)))]
  if ('not' in filter) return missingColumns(filter.not, held)
  return held.has(filter.field) ? [] : [filter.field]
}

/** Conditions on columns that are not held become true or false, such that the whole is as true as it can be, or as little. */
function assume(filter: Filter, held: ReadonlySet<string>, met: boolean): Filter {
  if ('all' in filter) return { all: filter.all.map((part) => assume(part, held, met)) }
  if ('any' in filter) return { any: filter.any.map((part) => assume(part, held, met)) }
  if ('not' in filter) return { not: assume(filter.not, held, !met) }
  if (held.has(filter.field)) return filter
  // Of no parts, all are met and none is.
  return met ? { all: [] } : { any: [] }
}

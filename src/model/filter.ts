/**
 * Which rows of a table are copied: a small tree, kept as data. It is sent to the CRM as a query where the CRM can
 * filter, and evaluated here where it cannot.
 */
export type Filter =
  | { all: Filter[] }
  | { any: Filter[] }
  | { not: Filter }
  | { field: string; is: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'; value: FilterValue }
  | { field: string; is: 'contains' | 'starts_with' | 'ends_with'; value: string }
  | { field: string; is: 'in'; value: (string | number)[] }
  | { field: string; is: 'null' | 'not_null' }
  /** Time-relative, re-evaluated daily: within the last (or, negative, the next) so many days. */
  | { field: string; is: 'within_days'; value: number }

export type FilterValue = string | number | boolean

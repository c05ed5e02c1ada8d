import type { Filter, SourceField } from '../../api/tables.ts'

/** A filter while it is edited: what is not finished yet has its place, and each part keeps its identity. */
export interface Group {
  id: number
  kind: 'group'
  /** Of the parts, how many must hold. */
  of: 'all' | 'any' | 'not all' | 'none'
  parts: Part[]
}

export interface Condition {
  id: number
  kind: 'condition'
  field: string
  is: Comparison
  /** As it is typed; of `in` one each. */
  values: string[]
}

export type Part = Group | Condition
export type Comparison = Extract<Filter, { field: string }>['is']

/** What keeps a condition from being saved. */
export type Fault = 'field' | 'value' | 'number' | 'date' | 'id' | 'gone' | 'empty'

let lastId = 0
const newId = () => {
  lastId += 1
  return lastId
}

export const newGroup = (of: Group['of'], parts: Part[] = []): Group => ({ id: newId(), kind: 'group', of, parts })

export function newCondition(field = '', is: Comparison = 'eq', values: string[] = []): Condition {
  return { id: newId(), kind: 'condition', field, is, values }
}

/** The whole filter as one group, whatever its form. */
export function treeOf(filter: Filter | null): Group | null {
  if (filter === null) return null
  const part = partOf(filter)
  return part.kind === 'group' ? part : newGroup('all', [part])
}

function partOf(filter: Filter): Part {
  if ('all' in filter) return newGroup('all', filter.all.map(partOf))
  if ('any' in filter) return newGroup('any', filter.any.map(partOf))
  if ('not' in filter) {
    const inner = partOf(filter.not)
    if (inner.kind === 'group' && inner.of === 'all') return { ...inner, of: 'not all' }
    if (inner.kind === 'group' && inner.of === 'any') return { ...inner, of: 'none' }
    return newGroup('none', [inner])
  }
  const values = 'value' in filter ? [filter.value].flat().map(String) : []
  return newCondition(filter.field, filter.is, values)
}

export interface Read {
  /** Null: every row, or not finished. */
  filter: Filter | null
  faults: Map<number, Fault>
}

/** The tree as the hub takes it, and what is not right in it yet. */
export function readTree(tree: Group | null, fields: readonly SourceField[]): Read {
  const faults = new Map<number, Fault>()
  if (tree === null) return { filter: null, faults }
  const filter = readPart(tree, fields, faults)
  return { filter: faults.size > 0 ? null : filter, faults }
}

function readPart(part: Part, fields: readonly SourceField[], faults: Map<number, Fault>): Filter {
  if (part.kind === 'condition') return readCondition(part, fields, faults)
  if (part.parts.length === 0) faults.set(part.id, 'empty')
  const parts = part.parts.map((each) => readPart(each, fields, faults))
  if (part.of === 'all') return { all: parts }
  if (part.of === 'any') return { any: parts }
  const inner: Filter = part.of === 'not all' ? { all: parts } : parts.length === 1 ? parts[0]! : { any: parts }
  return { not: inner }
}

const numeric = new Set(['integer', 'bigint', 'decimal', 'money', 'choice'])
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function readCondition(condition: Condition, fields: readonly SourceField[], faults: Map<number, Fault>): Filter {
  const { id, field: name, is } = condition
  const nothing: Filter = { field: name, is: 'null' }
  const field = fields.find((each) => each.name === name)
  if (!field?.readable) {
    faults.set(id, name === '' ? 'field' : 'gone')
    return nothing
  }
  if (is === 'null' || is === 'not_null') return { field: name, is }
  const typed = condition.values.filter((value) => value.trim() !== '')
  if (typed.length === 0) {
    faults.set(id, 'value')
    return nothing
  }
  const values = typed.map((value) => readValue(value, field, is))
  const fault = values.find((value) => isFault(value))
  if (fault && isFault(fault)) faults.set(id, fault.fault)
  return { field: name, is, value: is === 'in' ? values : values[0] } as Filter
}

const isFault = (value: unknown): value is { fault: Fault } => typeof value === 'object' && value !== null

function readValue(text: string, field: SourceField, is: Comparison): string | number | boolean | { fault: Fault } {
  const value = text.trim()
  if (is === 'within_days') return /^-?[1-9]\d{0,4}$/.test(value) ? Number(value) : { fault: 'number' }
  if (field.type === 'boolean') return value === 'true'
  if (numeric.has(field.type)) {
    const plain = value.replace(',', '.')
    const whole = field.type !== 'decimal' && field.type !== 'money'
    if (!(whole ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/).test(plain)) return { fault: 'number' }
    // Beyond what a number holds exactly, the digits go as they are.
    return field.type === 'bigint' && !Number.isSafeInteger(Number(plain)) ? plain : Number(plain)
  }
  if (field.type === 'date' || field.type === 'datetime') {
    return Number.isNaN(Date.parse(value)) || !/^\d{4}-\d\d-\d\d/.test(value) ? { fault: 'date' } : value
  }
  if ((field.type === 'lookup' || field.type === 'guid') && !guid.test(value)) return { fault: 'id' }
  return text
}

/** The tree with one part replaced; null takes it away. */
export function replacePart(tree: Group, id: number, next: Part | null): Group {
  return {
    ...tree,
    parts: tree.parts.flatMap((part) => {
      if (part.id === id) return next ? [next] : []
      return [part.kind === 'group' ? replacePart(part, id, next) : part]
    }),
  }
}

/** Columns that the filter asks for. */
export function columnsOf(part: Part): string[] {
  if (part.kind === 'condition') return part.field ? [part.field] : []
  return [...new Set(part.parts.flatMap(columnsOf))]
}

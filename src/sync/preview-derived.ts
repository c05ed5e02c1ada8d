import { isDeepStrictEqual } from 'node:util'
import type { MappedField, Mapping } from '#model/mapping.ts'
import { type Derived, derive } from '#records/derive.ts'
import { mapFields } from '#records/map-fields.ts'
import type { SyncedTable } from '#records/table.ts'

/** A record's value before the change and after it. */
export interface Example {
  record: { id: string; name: string | null }
  before: unknown
  after: unknown
}

export interface FieldDifference {
  field: string
  change: 'added' | 'changed' | 'removed'
  before: MappedField | null
  after: MappedField | null
  /** Of the records looked at, those whose value becomes another one; and those that have a value afterwards. */
  differing: number
  filled: number
  examples: Example[]
}

/** What records are found by: numbers, addresses, relations. */
export interface KeyDifference {
  before: number
  after: number
  gained: number
  lost: number
  /** Filled values that make no key: a number that is none, an address without @. */
  unread: number
  examples: Example[]
}

export interface DerivedDifference {
  fields: FieldDifference[]
  phones: KeyDifference
  emails: KeyDifference
  relations: KeyDifference
  names: { differing: number; examples: Example[] }
  /** Of the records looked at, those held as active. */
  active: { before: number; after: number }
}

export interface Looked {
  id: string
  source: string
  values: Record<string, unknown>
  /** Found by its keys now; and after the change. */
  inBefore: boolean
  inAfter: boolean
}

const examplesShown = 3
const textShown = 200

type Side = Pick<SyncedTable, 'mapping' | 'source' | 'defaultCountry'>

/** Adds up, record by record, what another mapping makes of them: by the code that makes it when it is saved. */
export function compareDerived(before: Side, after: Side) {
  const fields = changedFields(before.mapping, after.mapping)
  const total: DerivedDifference = {
    fields,
    phones: noKeys(),
    emails: noKeys(),
    relations: noKeys(),
    names: { differing: 0, examples: [] },
    active: { before: 0, after: 0 },
  }
  const narrow = (side: Side, kept: 'before' | 'after') => ({
    source: side.source,
    mapping: { ...side.mapping, fields: fieldsOf(fields, kept) },
  })
  const [narrowBefore, narrowAfter] = [narrow(before, 'before'), narrow(after, 'after')]
  const sameRule = isDeepStrictEqual(before.mapping, after.mapping)

  function add(row: Looked): void {
    const made = derive(row.values, before)
    const remade = sameRule ? made : derive(row.values, after)
    const record = { id: row.id, name: made.name }
    addKeys(total.phones, record, { before: phones(made, row.inBefore), after: phones(remade, row.inAfter) })
    addKeys(total.emails, record, { before: emails(made, row.inBefore), after: emails(remade, row.inAfter) })
    addKeys(total.relations, record, { before: links(made, row.inBefore), after: links(remade, row.inAfter) })
    total.phones.unread += row.inAfter ? unread(row.values, after.mapping.phones, remade, ['p', 'n']) : 0
    total.emails.unread += row.inAfter ? unread(row.values, after.mapping.emails, remade, ['e']) : 0
    if (made.name !== remade.name) {
      total.names.differing += 1
      addExample(total.names.examples, { record, before: made.name, after: remade.name })
    }
    total.active.before += row.inBefore && made.active ? 1 : 0
    total.active.after += row.inAfter && remade.active ? 1 : 0
    if (fields.length > 0)
      addFields(fields, record, [mapFields(row.source, narrowBefore), mapFields(row.source, narrowAfter)])
  }

  return { add, total }
}

function changedFields(before: Mapping, after: Mapping): FieldDifference[] {
  const names = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])].sort()
  return names
    .map((field): FieldDifference => {
      const [from, to] = [before.fields[field] ?? null, after.fields[field] ?? null]
      const change = from === null ? 'added' : to === null ? 'removed' : 'changed'
      return { field, change, before: from, after: to, differing: 0, filled: 0, examples: [] }
    })
    .filter((difference) => !isDeepStrictEqual(difference.before, difference.after))
}

function fieldsOf(differences: FieldDifference[], side: 'before' | 'after'): Mapping['fields'] {
  return Object.fromEntries(differences.flatMap((one) => (one[side] === null ? [] : [[one.field, one[side]]])))
}

const noKeys = (): KeyDifference => ({ before: 0, after: 0, gained: 0, lost: 0, unread: 0, examples: [] })

// A key is what is found by it; from which column it comes matters not to whoever looks up.
const phones = ({ points }: Derived, counts: boolean) =>
  new Set(counts ? points.filter(({ kind }) => kind !== 'e').map(({ kind, value }) => shownPhone(kind, value)) : [])
const emails = ({ points }: Derived, counts: boolean) =>
  new Set(counts ? points.filter(({ kind }) => kind === 'e').map(({ value }) => value) : [])
const links = (derived: Derived, counts: boolean) =>
  new Set(counts ? derived.links.map(({ role, target }) => `${role} ${target}`) : [])

/** Numbers are kept with their digits reversed. */
const shownPhone = (kind: string, value: string) => `${kind === 'p' ? '+' : ''}${[...value].reverse().join('')}`

function addKeys(
  total: KeyDifference,
  record: Example['record'],
  keys: { before: Set<string>; after: Set<string> },
): void {
  const gained = keys.after.difference(keys.before)
  const lost = keys.before.difference(keys.after)
  total.before += keys.before.size
  total.after += keys.after.size
  total.gained += gained.size
  total.lost += lost.size
  if (gained.size + lost.size > 0) addExample(total.examples, { record, before: [...lost], after: [...gained] })
}

function unread(
  values: Record<string, unknown>,
  columns: readonly string[],
  { points }: Derived,
  kinds: readonly string[],
): number {
  return columns.filter((name) => {
    const value = values[name]
    if (typeof value !== 'string' || value.trim() === '') return false
    return !points.some((point) => point.field === name && kinds.includes(point.kind))
  }).length
}

function addFields(
  fields: FieldDifference[],
  record: Example['record'],
  [before, after]: [Record<string, unknown>, Record<string, unknown>],
): void {
  for (const difference of fields) {
    const [from, to] = [before[difference.field] ?? null, after[difference.field] ?? null]
    if (to !== null && to !== '') difference.filled += 1
    if (isDeepStrictEqual(from, to)) continue
    difference.differing += 1
    addExample(difference.examples, { record, before: shorter(from), after: shorter(to) })
  }
}

const shorter = (value: unknown) => (typeof value === 'string' ? value.slice(0, textShown) : value)

function addExample(examples: Example[], example: Example): void {
  if (examples.length < examplesShown) examples.push(example)
}

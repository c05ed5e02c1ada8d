import { hash, pick } from '../organisation/random.ts'
import { archiveRow, createRow, deleteRow, mergeRows, type Target, undeleteRow, updateRow } from './change-rows.ts'
import { canonicalDateTime, dateTime } from './dates.ts'
import { longId } from './ids.ts'
import { edited, invented } from './invent.ts'
import { atomically, tableOf } from './organisation.ts'
import type { Fields, Value } from './schema.ts'
import type { Simulator } from './simulator.ts'
import type { Entry, Table } from './table.ts'

type RecordChange = {
  entity: string
  operation: 'create' | 'change' | 'update' | 'delete' | 'restore' | 'undelete' | 'merge' | 'archive'
  id?: string
  fields?: Record<string, unknown>
  /** Rows that are merged into `id`. */
  losers?: string[]
  /** SystemModstamp instead of now: a transaction that began then and shows itself only now. */
  at?: string | number
  /** Stores a row that breaks the model: why, e.g. `no-id`. */
  broken?: string
  /** The user who makes the change; without, any but the integration user. */
  userId?: string
}

/** Somebody else in the organisation creates, changes, deletes, restores or merges rows: all of a list, or nothing. */
export function applyRecords(sim: Simulator, input: unknown): unknown {
  const { org } = sim
  const someone = pick(org.seedData.users, hash(org.seed, org.counter, 31))
  if (!Array.isArray(input)) return atomically(org, () => applyOne(sim, input as RecordChange, someone))
  return atomically(org, () => input.map((change) => applyOne(sim, change as RecordChange, someone)))
}

function applyOne(sim: Simulator, change: RecordChange, someone: string): unknown {
  const { org } = sim
  const table = tableOf(org, change.entity)
  if (!table) throw new Error(`no object ${change.entity}`)
  const userId = change.userId ?? someone
  const entry = perform(
    { org, table, userId, origin: 'com/salesforce/api/lightning;client=Browser', raw: true },
    change,
  )
  const { id, version, stamp } = entry
  const { operation } = change
  return { entity: table.definition.name, operation, id, version, stamp }
}

function perform(target: Target, change: RecordChange): Entry {
  const { table, org } = target
  const fields = () =>
    withMoment(change.fields ? toFields(table, change.fields) : invented(table, org.counter), change.at)
  const given = change.id === undefined ? undefined : (longId(change.id) ?? change.id)
  if (change.operation === 'create') return createRow(target, fields(), given, change.broken)
  if (given === undefined) throw new Error(`${change.operation} needs an id`)
  switch (change.operation) {
    case 'change':
    case 'update':
      return updateRow(
        target,
        given,
        withMoment(change.fields ? toFields(table, change.fields) : edited(table, given, org.counter), change.at),
      )
    case 'archive':
      return archiveRow(target, given)
    case 'delete':
      return deleteRow(target, given)
    case 'restore':
    case 'undelete':
      return undeleteRow(target, given)
    case 'merge':
      return mergeRows(
        target,
        given,
        (change.losers ?? []).map((id) => longId(id) ?? id),
        change.fields ? toFields(table, change.fields) : {},
      )
    default:
      throw new Error(`no operation ${String(change.operation)}`)
  }
}

function withMoment(fields: Fields, at: string | number | undefined): Fields {
  if (at === undefined) return fields
  const moment = typeof at === 'number' ? dateTime(at) : canonicalDateTime(at)
  if (moment === null) throw new Error(`no moment: ${at}`)
  return { ...fields, SystemModstamp: moment, LastModifiedDate: moment }
}

/** Fields as they are named, unchecked: rows that break the model are made so. */
function toFields(table: Table, given: Record<string, unknown>): Fields {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(given)) {
    const field = table.fields.get(name.toLowerCase())
    if (!field) throw new Error(`${table.definition.name} has no field ${name}`)
    if (field.type === 'id') continue
    fields[field.name] = value as Value
  }
  return fields
}

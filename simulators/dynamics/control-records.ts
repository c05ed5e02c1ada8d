import { randomUUID } from 'node:crypto'
import { hash, pick } from '../organisation/random.ts'
import { createRow, deleteRow, restoreRow, type Target, updateRow } from './change-rows.ts'
import { edited, invented } from './invent.ts'
import { atomically } from './organization.ts'
import type { Fields, Value } from './schema.ts'
import type { Simulator } from './simulator.ts'
import type { Entry, Table } from './table.ts'

type RecordChange = {
  entity: string
  operation: 'create' | 'change' | 'update' | 'delete' | 'restore'
  id?: string
  fields?: Record<string, unknown>
  /** Stores a row that breaks the model: why, e.g. `no-id`. */
  broken?: string
}

/** Somebody else in the organisation creates, changes, deletes or restores rows: all of a list, or nothing. */
export function applyRecords(sim: Simulator, input: unknown): unknown {
  if (!Array.isArray(input)) return applyOne(sim, input as RecordChange)
  return atomically(sim.org, () => input.map((change) => applyOne(sim, change as RecordChange)))
}

function applyOne(sim: Simulator, change: RecordChange): unknown {
  const table = sim.org.tables.get(change.entity)
  if (!table) throw new Error(`no table ${change.entity}`)
  const userId = pick(sim.org.seedData.users, hash(sim.org.seed, sim.org.counter, 31))
  const entry = perform({ org: sim.org, table, userId }, change)
  return { entity: change.entity, operation: change.operation, id: entry.id, version: entry.version }
}

function perform(target: Target, change: RecordChange): Entry {
  const { table } = target
  const id = change.id?.toLowerCase()
  if (change.operation === 'create') {
    const fields = change.fields ? toFields(table, change.fields) : invented(target)
    return createRow(target, id ?? randomUUID(), fields, change.broken)
  }
  if (id === undefined) throw new Error(`${change.operation} needs an id`)
  switch (change.operation) {
    case 'change':
    case 'update':
      return updateRow(
        target,
        id,
        change.fields ? toFields(table, change.fields) : edited(table, id, target.org.counter),
      )
    case 'delete':
      return deleteRow(target, id)
    case 'restore':
      return restoreRow(target, id)
    default:
      throw new Error(`no operation ${String(change.operation)}`)
  }
}

/** Fields by their wire names, unchecked: rows that break the model are made so. A lookup's table stands under `<name>@type`. */
function toFields(table: Table, given: Record<string, unknown>): Fields {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(given)) {
    const column = table.columns.get(name.replace(/@type$/, ''))
    if (!column) throw new Error(`${table.definition.logical} has no column ${name}`)
    if (name === table.definition.pk) continue
    const exact = column.type === 'Money' || column.type === 'Decimal' || column.type === 'BigInt'
    fields[name] = exact && typeof value === 'number' ? String(value) : (value as Value)
  }
  return fields
}

import type { Fault } from '../exchange/faults.ts'
import { schemaChanged } from './organization.ts'
import type { Simulator } from './simulator.ts'

/** Faults that hold from when they are asked for until they are cleared, rather than striking requests. */
export function applyLasting(sim: Simulator, fault: Fault): void {
  const o = fault.options
  const { settings } = sim.org
  switch (fault.kind) {
    case 'clock-skew': {
      const before = settings.clockSkewMinutes
      settings.clockSkewMinutes = Number(o.minutes ?? 10)
      fault.undo = () => {
        settings.clockSkewMinutes = before
      }
      return
    }
    case 'column-removed':
      fault.undo = removeColumn(sim, String(o.entity ?? 'contact'), String(o.column ?? 'mobilephone'))
      return
    case 'privilege-lost': {
      // With a number of times it strikes requests; without, the right is gone until it is cleared.
      if (o.times !== undefined) return
      const before = settings.denied
      const entity = String(o.entity ?? 'contact')
      settings.denied = { ...before, [entity]: [...(before[entity] ?? []), String(o.privilege ?? 'Read')] }
      fault.undo = () => {
        settings.denied = before
      }
      return
    }
    default:
  }
}

function removeColumn(sim: Simulator, entity: string, name: string): () => void {
  const table = sim.org.tables.get(entity)
  const at = table?.definition.columns.findIndex((c) => c.name === name) ?? -1
  if (!table || at < 0) throw new Error(`no column ${entity}.${name}`)
  const removed = table.definition.columns.splice(at, 1)
  schemaChanged(sim.org, table)
  return () => {
    table.definition.columns.splice(at, 0, ...removed)
    schemaChanged(sim.org, table)
  }
}

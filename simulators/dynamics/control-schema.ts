import { schemaChanged } from './organization.ts'
import { type AttributeType, column, type Option } from './schema.ts'
import type { Simulator } from './simulator.ts'

/**
 * What a customiser does: `{"entity","addColumn":{name,type,label,maxLength,options:[1,2]}}`, `{"entity","removeColumn"}`,
 * `{"entity","changeTracking":false}`, `{"entity","addOption":{column,value,label}}`, `{"entity","readOnly":column}`,
 * `{"entity","setOnce":column}`. Delta tokens of the table are void then.
 */
export function schemaControl(sim: Simulator, input: Record<string, unknown>): unknown {
  const table = sim.org.tables.get(String(input.entity))
  if (!table) throw new Error(`no table ${String(input.entity)}`)
  const { definition } = table
  const add = input.addColumn as
    | { name: string; type?: AttributeType; label?: string; maxLength?: number; options?: number[] }
    | undefined
  if (add)
    definition.columns.push(
      column(add.name, add.type ?? 'String', add.label ?? add.name, {
        maxLength: add.maxLength ?? 100,
        ...(add.options ? { options: add.options.map((value) => optionOf(value)) } : {}),
      }),
    )
  if (input.removeColumn) {
    const at = definition.columns.findIndex((c) => c.name === input.removeColumn)
    if (at < 0) throw new Error(`no column ${String(input.removeColumn)}`)
    definition.columns.splice(at, 1)
  }
  if (typeof input.changeTracking === 'boolean') definition.changeTracking = input.changeTracking
  const option = input.addOption as { column: string; value: number; label: string } | undefined
  const choice = option && definition.columns.find((c) => c.name === option.column)
  if (option && choice) {
    choice.options = [...(choice.options ?? []), optionOf(option.value, option.label)]
  }
  const once = definition.columns.find((c) => c.name === input.setOnce)
  if (once) once.update = false
  const locked = definition.columns.find((c) => c.name === input.readOnly)
  if (locked) Object.assign(locked, { create: false, update: false })
  schemaChanged(sim.org, table)
  return {
    entity: definition.logical,
    columns: definition.columns.length,
    changeTracking: definition.changeTracking,
    schemaVersion: table.schemaVersion,
  }
}

function optionOf(value: number, text = `Option ${value}`): Option {
  return { value, label: [text, text, text] }
}

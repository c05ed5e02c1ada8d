import { isDeepStrictEqual } from 'node:util'
import type { Transaction } from '#database/pool.ts'
import type { SyncedTable } from '#records/table.ts'
import { filledSince, type Memorial } from './memorial.ts'
import type { PlannedTarget } from './planned-target.ts'

/** By which fields the activity is completed; one that was before stays so, whatever comes later. */
export function completedNow(
  { completed, completes }: PlannedTarget,
  memorial: Memorial | null,
): Record<string, unknown> {
  const wasBefore = Object.keys(completed ?? {}).some((name) => memorial?.fields[name] != null)
  return (completes || wasBefore ? completed : null) ?? {}
}

/** What is told, without what the CRM takes only while the record is made: of one that is made, that stays as it was. */
export function stillWritable(
  tables: readonly SyncedTable[],
  { entity, fields }: PlannedTarget,
  memorial: Memorial | null,
): Record<string, unknown> {
  if (memorial === null || memorial.writeId === null) return fields
  const source = tables.find((table) => table.entity === entity)?.source
  const isUpdatable = (name: string) => source?.fields.some((one) => one.name === name && one.updatable)
  return Object.fromEntries(Object.entries(fields).filter(([name]) => isUpdatable(name)))
}

/** What was handed over before and the interaction no longer tells, where the CRM lets it be emptied. */
export async function takenBack(
  tx: Transaction,
  tables: readonly SyncedTable[],
  { entity, fields, silent, unfit }: PlannedTarget,
  memorial: Memorial | null,
): Promise<Record<string, null>> {
  if (memorial === null) return {}
  const source = tables.find((table) => table.entity === entity)?.source
  const mayBeEmpty = (name: string) => source?.fields.some((one) => one.name === name && one.updatable && !one.required)
  const names = silent.filter(
    (name) =>
      !(name in fields) &&
      !unfit.some(({ field }) => field === name) &&
      memorial.fields[name] != null &&
      mayBeEmpty(name),
  )
  const others = await filledSince(tx, memorial, names)
  return Object.fromEntries(names.filter((name) => !others.has(name)).map((name) => [name, null]))
}

export const changedFields = (wanted: Record<string, unknown>, before: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !isDeepStrictEqual(value, before[name])))

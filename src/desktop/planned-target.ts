import type { SourceField } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import type { AgentWorkflowDefinition, MappedEntity, MappingRow, MemorializationDefinition } from './definitions.ts'
import { fitValue } from './fit-value.ts'
import { dataField, type InteractionValues, toldValue } from './interaction-data.ts'
import type { StoredInteraction } from './store.ts'

/** A record that something is to be written to. */
export interface Subject {
  recordId: string
  entity: string
  sourceId: string
}

/** What is to stand in one record of the CRM. */
export interface PlannedTarget {
  /** `activity`, or the record's id. */
  target: string
  entity: string
  /** Null: the activity, which is made. */
  subject: Subject | null
  /** The CRM's fields; only those that the interaction tells something of. */
  fields: Record<string, unknown>
  /** Fields that may be written and of which the interaction tells nothing: what was handed over of them is taken back. */
  silent: string[]
  /** Of an activity that can be completed: the fields that say so. */
  completed: Record<string, unknown> | null
  /** It is to be completed now; one that was before stays so. */
  completes: boolean
  cut: string[]
  /** Fields whose value does not fit, and why. */
  unfit: { field: string; why: string }[]
}

export interface PlanInput {
  interaction: StoredInteraction
  values: InteractionValues
  definition: AgentWorkflowDefinition
  mappings: readonly MemorializationDefinition[]
  /** Of the configuration's connection. */
  tables: readonly SyncedTable[]
  linked: readonly Subject[]
  /** What linked records point at. */
  related: readonly Subject[]
  /** The CRM's own user behind the agent; null: not known. */
  agentUser: string | null
  /** Before the contact left something may have been written already, and rightly so: that stays. */
  wroteBeforeLeaving: boolean
}

/** A row of a mapping that is for this channel. */
export interface Row extends MappingRow {
  /** Typed, of a contact that left first. */
  staysOut: boolean
}

/** An entity's rows. */
export interface Part extends MappedEntity {
  rows: Row[]
}

export function partsOf({ interaction: { channel, contactLeft }, mappings }: PlanInput): Part[] {
  return mappings
    .filter((mapping) => mapping.channel === 'both' || mapping.channel === channel)
    .flatMap((mapping) =>
      mapping.entities.map((part) => ({
        ...part,
        rows: part.rows
          .filter(({ from }) => from === 'script' || from === channel)
          .map((row) => ({
            ...row,
            staysOut: contactLeft && !mapping.keepTyped && row.from !== 'script' && dataField(row.data)?.typed === true,
          })),
      })),
    )
}

export const emptyTarget = (target: string, entity: string, subject: Subject | null): PlannedTarget => ({
  ...{ target, entity, subject, fields: {}, silent: [], completed: null, completes: false, cut: [], unfit: [] },
})

export const tableOf = ({ tables }: Pick<PlanInput, 'tables'>, entity: string): SyncedTable | undefined =>
  tables.find((table) => table.entity === entity)

export function fillRows(input: PlanInput, planned: PlannedTarget, rows: readonly Row[]): void {
  for (const { field, from, data, staysOut } of rows) {
    if (staysOut) keepOut(input, planned, field)
    else fill(input, planned, field, toldValue(input.values, from === 'script' ? `script.${data}` : data))
  }
}

/** That the contact had left may have been told late: then it was handed over, and would not have been. */
export function keepOut({ wroteBeforeLeaving }: PlanInput, planned: PlannedTarget, name: string): void {
  if (!wroteBeforeLeaving && !isSettled(planned, name)) planned.silent.push(name)
}

const isSettled = (planned: PlannedTarget, name: string) =>
  name in planned.fields || planned.unfit.some(({ field }) => field === name)

/** The first value that is told of a field counts. */
export function fill(input: PlanInput, planned: PlannedTarget, name: string, value: unknown): void {
  if (isSettled(planned, name)) return
  const field = tableOf(input, planned.entity)?.source.fields.find((one) => one.name === name)
  const fitted = field ? fitFor(field, planned.subject === null, value) : { wrong: 'is not there any more' }
  if ('wrong' in fitted) planned.unfit.push({ field: name, why: fitted.wrong })
  else if (fitted.value === null) planned.silent.push(name)
  else {
    planned.fields[name] = fitted.value
    if (fitted.cut) planned.cut.push(name)
  }
}

function fitFor(field: SourceField, creates: boolean, value: unknown) {
  if (field.gone !== undefined) return { wrong: 'is not there any more' }
  if (creates ? !field.creatable : !field.updatable) return { wrong: 'was made read only in the CRM' }
  return fitValue(field, value)
}

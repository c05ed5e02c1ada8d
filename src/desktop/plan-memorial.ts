import type { SourceField } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import { ownerRole } from '#records/view.ts'
import type { AgentWorkflowDefinition, MappedEntity, MemorializationDefinition } from './definitions.ts'
import { fitValue } from './fit-value.ts'
import { dataField, type InteractionValues, toldValue } from './interaction-data.ts'
import { activityTarget } from './memorial.ts'
import type { StoredInteraction } from './store.ts'
import { fillTemplate } from './template.ts'

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
}

/**
 * What an interaction is to have written, as a function of what is known of it and nothing else: the same again is the
 * same. Nothing linked: nothing.
 */
export function planMemorial(input: PlanInput): PlannedTarget[] {
  if (input.linked.length === 0) return []
  const parts = partsOf(input)
  const activity = plannedActivity(input, parts)
  const records = uniqueSubjects([
    ...subjectsFor(input.linked, parts, 'linked'),
    ...subjectsFor(input.related, parts, 'related'),
  ]).map((subject) => plannedRecord(input, parts, subject))
  return [...(activity ? [activity] : []), ...records].filter(({ fields, unfit }) => {
    return Object.keys(fields).length > 0 || unfit.length > 0
  })
}

/** An entity's rows, of a mapping that is for this channel, without those that the contact's leaving keeps out. */
type Part = MappedEntity

function partsOf({ interaction: { channel, contactLeft }, mappings }: PlanInput): Part[] {
  return mappings
    .filter((mapping) => mapping.channel === 'both' || mapping.channel === channel)
    .flatMap((mapping) =>
      mapping.entities.map((part) => ({
        ...part,
        rows: part.rows
          .filter(({ from }) => from === 'script' || from === channel)
          .filter(
            ({ from, data }) => from === 'script' || !contactLeft || mapping.keepTyped || !dataField(data)?.typed,
          ),
      })),
    )
}

const subjectsFor = (subjects: readonly Subject[], parts: readonly Part[], target: 'linked' | 'related') =>
  subjects.filter(({ entity }) => parts.some((part) => part.target === target && part.entity === entity))

const uniqueSubjects = (subjects: readonly Subject[]) => [
  ...new Map(subjects.map((subject) => [subject.recordId, subject])).values(),
]

function plannedRecord(input: PlanInput, parts: readonly Part[], subject: Subject): PlannedTarget {
  const isLinked = input.linked.some(({ recordId }) => recordId === subject.recordId)
  const rows = parts
    .filter(({ entity, target }) => entity === subject.entity && target === (isLinked ? 'linked' : 'related'))
    .flatMap((part) => part.rows)
  const planned = emptyTarget(subject.recordId, subject.entity, subject)
  for (const { field, from, data } of rows) fill(input, planned, field, told(input.values, from, data))
  return planned
}

const emptyTarget = (target: string, entity: string, subject: Subject | null): PlannedTarget => ({
  ...{ target, entity, subject, fields: {}, cut: [], unfit: [] },
})

const told = (values: InteractionValues, from: string, data: string) =>
  toldValue(values, from === 'script' ? `script.${data}` : data)

/** The interaction's own activity: what every activity has, and what mappings add; a mapping's value comes first. */
function plannedActivity(input: PlanInput, parts: readonly Part[]): PlannedTarget | null {
  const mapped = parts.filter(({ target }) => target === activityTarget)
  const entity = input.definition.timeline?.entity ?? mapped[0]?.entity
  if (entity === undefined) return null
  const planned = emptyTarget(activityTarget, entity, null)
  const rows = mapped.filter((part) => part.entity === entity).flatMap((part) => part.rows)
  for (const { field, from, data } of rows) fill(input, planned, field, told(input.values, from, data))
  const table = tableOf(input, entity)
  if (!table) return planned
  for (const [name, value] of Object.entries(standardActivity(input, parts, mapped))) {
    const field = table.mapping.fields[name]?.from
    const isWritable = table.source.fields.some((one) => one.name === field && one.creatable)
    if (field !== undefined && isWritable && value !== undefined) fill(input, planned, field, value)
  }
  for (const [field, value] of about(table, input)) planned.fields[field] ??= value
  return planned
}

const tableOf = ({ tables }: PlanInput, entity: string) => tables.find((table) => table.entity === entity)

/** By the names of the model, whatever the CRM calls them; a CRM's activity takes those that it has. */
function standardActivity(
  { interaction, values, definition }: PlanInput,
  parts: readonly Part[],
  mapped: readonly Part[],
): Record<string, unknown> {
  const seconds = values.data.callDurationInSeconds
  const start = interaction.acceptedAt ?? interaction.offeredAt
  // Typed notes stand in the description unless a mapping puts them elsewhere, or the contact's leaving keeps them out.
  const isMapped = [...parts, ...mapped].some(({ rows }) => rows.some(({ data }) => data === 'dispositionNotes'))
  return {
    subject: fillTemplate(definition.timeline?.subject ?? '', values) || subjectOf(interaction),
    description: isMapped || interaction.contactLeft ? undefined : values.data.dispositionNotes,
    phoneNumber: interaction.channel === 'voice' ? interaction.address : undefined,
    outgoing: interaction.direction === 'outbound',
    direction: interaction.direction === 'outbound' ? 'Outbound' : 'Inbound',
    start: start.toISOString(),
    end: interaction.endedAt?.toISOString(),
    endedAt: interaction.endedAt?.toISOString(),
    seconds,
    minutes: typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds / 60)) : undefined,
    outcome: interaction.contactLeft ? undefined : values.data.dispositionName,
    callId: interaction.externalId,
  }
}

function subjectOf({ channelType, direction, skill, contactName, address }: StoredInteraction): string {
  const kind = channelType.charAt(0).toUpperCase() + channelType.slice(1).replaceAll('_', ' ')
  const way = direction === 'outbound' ? 'to' : 'from'
  const who = contactName ?? address ?? 'a withheld number'
  return `${kind} ${way} ${who}${skill ? ` (${skill})` : ''}`
}

/** Whom the activity is about: each of its relations takes the first linked record that it may point at. */
function about(table: SyncedTable, { linked, tables }: PlanInput): [string, { entity: string; id: string }][] {
  const taken = new Set<string>()
  return table.mapping.relations.flatMap(({ role, from, entities }): [string, { entity: string; id: string }][] => {
    const field = table.source.fields.find(({ name }) => name === from)
    const subject = linked.find(({ entity, recordId }) => entities.includes(entity) && !taken.has(recordId))
    if (role === ownerRole || !field?.creatable || !subject) return []
    taken.add(subject.recordId)
    const name = tables.find(({ entity }) => entity === subject.entity)?.source.name ?? subject.entity
    return [[from, { entity: name, id: subject.sourceId }]]
  })
}

function fill(input: PlanInput, planned: PlannedTarget, name: string, value: unknown): void {
  if (name in planned.fields || planned.unfit.some(({ field }) => field === name)) return
  const field = tableOf(input, planned.entity)?.source.fields.find((one) => one.name === name)
  const fitted = field ? fitFor(field, planned.subject === null, value) : { wrong: 'is not there any more' }
  if ('wrong' in fitted) planned.unfit.push({ field: name, why: fitted.wrong })
  else if (fitted.value !== null) {
    planned.fields[name] = fitted.value
    if (fitted.cut) planned.cut.push(name)
  }
}

function fitFor(field: SourceField, creates: boolean, value: unknown) {
  if (field.gone !== undefined) return { wrong: 'is not there any more' }
  if (creates ? !field.creatable : !field.updatable) return { wrong: 'was made read only in the CRM' }
  return fitValue(field, value)
}

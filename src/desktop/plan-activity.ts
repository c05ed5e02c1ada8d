import { connectorOf } from '#connectors/registry.ts'
import type { Party } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import { ownerRole } from '#records/view.ts'
import { activityTarget } from './memorial.ts'
import {
  emptyTarget,
  fill,
  fillRows,
  keepOut,
  type Part,
  type PlanInput,
  type PlannedTarget,
  type Subject,
  tableOf,
} from './planned-target.ts'
import type { StoredInteraction } from './store.ts'
import { fillTemplate } from './template.ts'

/** The interaction's own activity: what every activity has, and what mappings add; a mapping's value comes first. */
export function plannedActivity(input: PlanInput, parts: readonly Part[]): PlannedTarget | null {
  const mapped = parts.filter(({ target }) => target === activityTarget)
  const entity = input.definition.timeline?.entity ?? mapped[0]?.entity
  if (entity === undefined) return null
  const planned = emptyTarget(activityTarget, entity, null)
  const rows = mapped.filter((part) => part.entity === entity).flatMap((part) => part.rows)
  fillRows(input, planned, rows)
  const table = tableOf(input, entity)
  if (!table) return planned
  fillStandard(input, planned, { table, parts })
  for (const [field, value] of [...about(table, input), ...partiesIn(table, input)]) {
    if (value === null) planned.silent.push(field)
    else planned.fields[field] ??= value
  }
  const { interaction, definition } = input
  // A CRM without activities of its own, or an organisation that names their states otherwise, leaves them open.
  const completed =
    connectorOf(table.crm).completed?.(table.source, { outgoing: interaction.direction === 'outbound' }) ?? null
  const isMapped = rows.some(({ field }) => completed !== null && field in completed)
  const completes = definition.timeline?.complete !== false && interaction.state === 'closed'
  return { ...planned, completed: isMapped ? null : completed, completes }
}

function fillStandard(
  input: PlanInput,
  planned: PlannedTarget,
  { table, parts }: { table: SyncedTable; parts: readonly Part[] },
): void {
  const fieldOf = (name: string) => {
    const from = table.mapping.fields[name]?.from
    return table.source.fields.some((one) => one.name === from && one.creatable) ? from : undefined
  }
  for (const [name, value] of Object.entries(standardActivity(input))) {
    const field = fieldOf(name)
    if (field !== undefined && value !== undefined) fill(input, planned, field, value)
  }
  for (const [name, value] of Object.entries(typed(input, parts))) {
    const field = fieldOf(name)
    if (field === undefined) continue
    if (input.interaction.contactLeft) keepOut(input, planned, field)
    else fill(input, planned, field, value)
  }
}

/** By the names of the model, whatever the CRM calls them; a CRM's activity takes those that it has. */
function standardActivity({ interaction, values, definition }: PlanInput): Record<string, unknown> {
  const seconds = values.data.callDurationInSeconds
  const start = interaction.acceptedAt ?? interaction.offeredAt
  return {
    subject: fillTemplate(definition.timeline?.subject ?? '', values) || subjectOf(interaction),
    phoneNumber: interaction.channel === 'voice' ? interaction.address : undefined,
    outgoing: interaction.direction === 'outbound',
    direction: interaction.direction === 'outbound' ? 'Outbound' : 'Inbound',
    start: start.toISOString(),
    end: interaction.endedAt?.toISOString(),
    endedAt: interaction.endedAt?.toISOString(),
    seconds,
    minutes: typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds / 60)) : undefined,
    callId: interaction.externalId,
  }
}

/** Typed notes stand in the description unless a mapping puts them elsewhere. */
function typed({ values }: PlanInput, parts: readonly Part[]): Record<string, unknown> {
  const isMapped = parts.some(({ rows }) => rows.some(({ data }) => data === 'dispositionNotes'))
  return {
    ...(isMapped ? {} : { description: values.data.dispositionNotes }),
    outcome: values.data.dispositionName,
  }
}

function subjectOf({ channelType, direction, skill, contactName, address }: StoredInteraction): string {
  const kind = channelType.charAt(0).toUpperCase() + channelType.slice(1).replaceAll('_', ' ')
  const way = direction === 'outbound' ? 'to' : 'from'
  const who = contactName ?? address ?? 'a withheld number'
  return `${kind} ${way} ${who}${skill ? ` (${skill})` : ''}`
}

type Pointer = { entity: string; id: string }

/** Whom the activity is about: each of its relations takes the first linked record that it may point at. */
function about(table: SyncedTable, input: PlanInput): [string, Pointer | null][] {
  const taken = new Set<string>()
  return table.mapping.relations.flatMap(({ role, from, entities }): [string, Pointer | null][] => {
    const field = table.source.fields.find(({ name }) => name === from)
    if (role === ownerRole || !field?.creatable) return []
    const subject = input.linked.find(({ entity, recordId }) => entities.includes(entity) && !taken.has(recordId))
    if (!subject) return [[from, null]]
    taken.add(subject.recordId)
    return [[from, pointerTo(subject, input)]]
  })
}

const pointerTo = ({ entity, sourceId }: Subject, { tables }: PlanInput): Pointer => ({
  entity: tables.find((table) => table.entity === entity)?.source.name ?? entity,
  id: sourceId,
})

const users = 'user'

/**
 * Who was at which end, where the CRM keeps that of its activities: the contact called, or was called; the agent's own user
 * of the CRM was at the other end.
 */
function partiesIn({ source }: SyncedTable, input: PlanInput): [string, Party[] | null][] {
  const field = source.fields.find(({ type, creatable, gone }) => type === 'parties' && creatable && gone === undefined)
  if (!field) return []
  const { linked, related, agentUser, interaction } = input
  const mayBe = ({ entity }: Pointer) => field.targets?.includes(entity) === true
  const contact = [...linked, ...related]
    .filter(({ entity }) => entity !== users)
    .map((subject) => pointerTo(subject, input))
    .find(mayBe)
  const userTable = tableOf(input, users)?.source.name
  const agent = agentUser !== null && userTable ? { entity: userTable, id: agentUser } : undefined
  const [from, to] = interaction.direction === 'outbound' ? [agent, contact] : [contact, agent]
  const parties: Party[] = [
    ...(from && mayBe(from) ? [{ party: 'from' as const, ...from }] : []),
    ...(to && mayBe(to) ? [{ party: 'to' as const, ...to }] : []),
  ]
  return [[field.name, parties.length === 0 ? null : parties]]
}

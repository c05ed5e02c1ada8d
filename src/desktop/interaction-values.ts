import { erasedAgent, type InteractionAgent } from './agents.ts'
import type { InteractionValues } from './interaction-data.ts'
import type { InteractionLink } from './link.ts'
import type { Note } from './note.ts'
import type { StoredInteraction } from './store.ts'

interface Parts {
  agents: readonly InteractionAgent[]
  links: readonly InteractionLink[]
  /** In the order in which they were saved. */
  notes: readonly Note[]
}

/**
 * What an interaction tells, by the names of the contact centre: what its events brought, what the hub knows by itself
 * where they did not, and before both what agents typed.
 */
export function valuesOf(interaction: StoredInteraction, { agents, links, notes }: Parts): InteractionValues {
  const { data } = interaction
  const agent = agents.findLast(({ state }) => state === 'active') ?? agents.at(-1)
  const known: Record<string, unknown> = {
    contactId: interaction.externalId,
    interactionId: interaction.id,
    mediaType: interaction.channelType,
    channelType: interaction.channelType,
    direction: interaction.direction,
    status: interaction.state,
    agentId: agent?.id.startsWith(erasedAgent) ? undefined : agent?.id,
    agentName: agent?.name,
    customerName: interaction.contactName,
    startTime: (interaction.acceptedAt ?? interaction.offeredAt).toISOString(),
    endTime: interaction.endedAt?.toISOString(),
    callDurationInSeconds: durationOf(interaction),
  }
  const told = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== '' && value !== null))
  const typed = typedValues(notes, told)
  return {
    data: withoutNothing({
      ...known,
      ...told,
      ...typed,
      callDurationInSeconds: secondsOf(told) ?? known.callDurationInSeconds,
    }),
    scriptVariables: interaction.scriptVariables,
    links: links.map(({ entity, sourceId }) => ({ entity, sourceId })),
  }
}

const withoutNothing = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null))

/** A duration that is missing, negative or no number is none, and not zero. */
function secondsOf({ callDurationInSeconds: given }: Record<string, unknown>): number | undefined {
  const seconds = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds) : undefined
}

function durationOf({ acceptedAt, endedAt }: StoredInteraction): number | undefined {
  if (!acceptedAt || !endedAt || endedAt < acceptedAt) return undefined
  return Math.round((endedAt.getTime() - acceptedAt.getTime()) / 1000)
}

/** Several agents' notes one below the other, the latest disposition, and all tags. */
function typedValues(notes: readonly Note[], told: Record<string, unknown>): Record<string, unknown> {
  const texts = notes.map((note) => note.notes.trim()).filter((text) => text !== '')
  const disposition = notes.findLast((note) => note.disposition)?.disposition
  const toldTags = typeof told.tags === 'string' ? told.tags.split(',') : []
  const tags = [...toldTags, ...notes.flatMap((note) => note.tags)].map((tag) => tag.trim()).filter((tag) => tag !== '')
  return {
    ...(texts.length > 0 ? { dispositionNotes: texts.join('\n\n') } : {}),
    ...(disposition ? { dispositionName: disposition } : {}),
    ...(tags.length > 0 ? { tags: [...new Set(tags)].join(', ') } : {}),
  }
}

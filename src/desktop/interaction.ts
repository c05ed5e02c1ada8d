/** What may happen to an interaction. `updated` only brings data. */
export const eventTypes = [
  'offered',
  'accepted',
  'held',
  'resumed',
  'transferred',
  'contact_left',
  'ended',
  'unassigned',
  'wrap_up_closed',
  'dismissed',
  'updated',
] as const
export type EventType = (typeof eventTypes)[number]

/**
 * `offered`: it rings. `unassigned`: no agent has it, and it is not over. `wrap_up`: the conversation is over and the
 * agent still works on it.
 */
export type InteractionState = 'offered' | 'active' | 'held' | 'unassigned' | 'wrap_up' | 'closed'

/**
 * Every step, as data. What is not named changes no state: the event is kept, and what it brings is taken. A conversation
 * that is taken up again after it was closed is the same interaction.
 */
export const steps: Record<InteractionState, Partial<Record<EventType, InteractionState>>> = {
  offered: {
    accepted: 'active',
    held: 'held',
    resumed: 'active',
    contact_left: 'closed',
    ended: 'closed',
    unassigned: 'unassigned',
    wrap_up_closed: 'closed',
    dismissed: 'closed',
  },
  active: {
    held: 'held',
    transferred: 'offered',
    ended: 'wrap_up',
    unassigned: 'unassigned',
    wrap_up_closed: 'closed',
    dismissed: 'closed',
  },
  held: {
    resumed: 'active',
    transferred: 'offered',
    ended: 'wrap_up',
    unassigned: 'unassigned',
    wrap_up_closed: 'closed',
    dismissed: 'closed',
  },
  unassigned: {
    offered: 'offered',
    accepted: 'active',
    ended: 'closed',
    wrap_up_closed: 'closed',
    dismissed: 'closed',
  },
  wrap_up: { wrap_up_closed: 'closed', dismissed: 'closed' },
  closed: { offered: 'offered' },
}

export type Channel = 'voice' | 'digital'

export interface EventAgent {
  id: string
  name?: string | undefined
  email?: string | undefined
}

/** What was told of an interaction. */
export interface InteractionEvent {
  id: string
  type: EventType
  at: Date
  agent: EventAgent | null
  /** By the names of the contact centre. */
  data: Readonly<Record<string, unknown>>
  scriptVariables: Readonly<Record<string, string>>
}

export interface FoldedAgent {
  id: string
  name: string | null
  email: string | null
  state: 'offered' | 'active' | 'left'
  since: Date
}

/** An interaction as its events make it. */
export interface Folded {
  state: InteractionState
  channel: Channel
  channelType: string
  direction: 'inbound' | 'outbound'
  /** The contact ended it before the agent did. */
  contactLeft: boolean
  /** As the contact centre wrote it. */
  address: string | null
  contactName: string | null
  skill: string | null
  agents: FoldedAgent[]
  offeredAt: Date
  acceptedAt: Date | null
  endedAt: Date | null
  closedAt: Date | null
  data: Record<string, unknown>
  scriptVariables: Record<string, string>
}

/** As the hub takes it: POST /api/v1/interaction-events. */
export type Event = {
  source: string
  interaction: string
  type: EventType
  id: string
  /** ISO 8601, by the contact centre's clock. */
  at: string
  agent?: Agent
  data: Record<string, string | number | boolean | string[]>
  scriptVariables: Record<string, string>
}

export type EventType =
  | 'offered'
  | 'accepted'
  | 'held'
  | 'resumed'
  | 'transferred'
  | 'contact_left'
  | 'ended'
  | 'wrap_up_closed'
  | 'unassigned'
  | 'dismissed'
  | 'updated'

export type Agent = { id: string; name?: string; email?: string }

/** What will happen, so many milliseconds of the centre's time after the interaction began. */
export type Step = {
  after: number
  type: EventType
  agent?: Agent
  data?: Event['data']
  scriptVariables?: Event['scriptVariables']
}

export type Caller = {
  kind: 'known' | 'unknown' | 'withheld' | 'malformed'
  /** As the network tells it. */
  number: string
  email?: string
  name?: string
  /** Of the hub's record that the number was taken from. */
  recordId?: string
}

export type Interaction = {
  id: string
  channelType: string
  direction: 'inbound' | 'outbound'
  caller: Caller
  agents: Agent[]
  steps: Step[]
}

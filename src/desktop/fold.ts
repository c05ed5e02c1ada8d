import { type Channel, type EventType, eventTypes, type Folded, type InteractionEvent, steps } from './interaction.ts'

interface FoldOptions {
  /** Whether a wrap-up follows where the events do not say. */
  wrapsUp: boolean
}

const rank = new Map<EventType, number>(eventTypes.map((type, i) => [type, i]))

/** By their own time; of one moment in the order of a life, and then by their ids, so that arrival decides nothing. */
function inOrder(events: readonly InteractionEvent[]): InteractionEvent[] {
  return [...events].sort(
    (a, b) =>
      a.at.getTime() - b.at.getTime() ||
      rank.get(a.type)! - rank.get(b.type)! ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
}

const voiceTypes = new Set(['voice', 'video', 'phone', 'phone_call', 'phonecall', 'call'])

/** The interaction that these events make, in whatever order they came. There is at least one. */
export function fold(events: readonly InteractionEvent[], { wrapsUp }: FoldOptions): Folded {
  const ordered = inOrder(events)
  const data = latestData(ordered)
  const channelType = textOf(data.channelType) ?? textOf(data.mediaType)?.toLowerCase() ?? 'voice'
  const direction = data.direction === 'outbound' ? 'outbound' : 'inbound'
  const channel: Channel = voiceTypes.has(channelType.toLowerCase()) ? 'voice' : 'digital'
  const folded: Folded = {
    state: 'offered',
    ...{ channel, channelType, direction },
    contactLeft: false,
    address: addressOf(data, channel, direction),
    contactName: textOf(data.customerName),
    skill: textOf(data.skillName) ?? textOf(data.skillId),
    agents: [],
    offeredAt: ordered[0]!.at,
    acceptedAt: null,
    endedAt: null,
    closedAt: null,
    data,
    scriptVariables: latestVariables(ordered),
  }
  for (const event of ordered) apply(folded, event, wrapsUp)
  return folded
}

function apply(folded: Folded, event: InteractionEvent, wrapsUp: boolean): void {
  const before = folded.state
  const asked = steps[before][event.type] ?? before
  const endsAtOnce = asked === 'wrap_up' && !(typeof event.data.wrapUp === 'boolean' ? event.data.wrapUp : wrapsUp)
  folded.state = endsAtOnce ? 'closed' : asked
  if (event.type === 'contact_left' && before !== 'closed') leave(folded, event, wrapsUp)
  note(folded, event, before)
  moveAgents(folded, event)
}

/** A voice call is over when the contact hangs up; a digital conversation stays with its agent. */
function leave(folded: Folded, event: InteractionEvent, wrapsUp: boolean): void {
  folded.contactLeft = true
  if (folded.channel === 'voice' && (folded.state === 'active' || folded.state === 'held')) {
    folded.state = wrapsUp ? 'wrap_up' : 'closed'
  }
  folded.endedAt ??= event.at
}

function note(folded: Folded, event: InteractionEvent, before: Folded['state']): void {
  if (event.type === 'accepted') folded.acceptedAt ??= event.at
  if (event.type === 'ended') folded.endedAt ??= event.at
  if (folded.state === 'closed' && before !== 'closed') {
    folded.closedAt = event.at
    folded.endedAt ??= event.at
  }
  if (before === 'closed' && folded.state !== 'closed') {
    folded.closedAt = null
    folded.endedAt = null
    folded.contactLeft = false
  }
}

const agentStates: Partial<Record<EventType, 'offered' | 'active' | 'left'>> = {
  offered: 'offered',
  accepted: 'active',
  held: 'active',
  resumed: 'active',
  transferred: 'offered',
  unassigned: 'left',
}

/** Who is on it: an event's agent is whom it concerns; of a transfer, to whom it goes. */
function moveAgents({ agents }: Folded, { type, at, agent }: InteractionEvent): void {
  if (type === 'transferred' || (type === 'unassigned' && !agent)) {
    for (const other of agents) if (other.id !== agent?.id) setState(other, 'left', at)
  }
  if (!agent) return
  const state = agentStates[type]
  const known = agents.find(({ id }) => id === agent.id)
  const one = known ?? { id: agent.id, name: null, email: null, state: state ?? ('active' as const), since: at }
  if (!known) agents.push(one)
  one.name = agent.name ?? one.name
  one.email = agent.email ?? one.email
  if (state) setState(one, state, at)
}

function setState(agent: Folded['agents'][number], state: 'offered' | 'active' | 'left', at: Date): void {
  if (agent.state === state) return
  agent.state = state
  agent.since = at
}

/** The latest value of each field; null takes one away. */
function latestData(events: readonly InteractionEvent[]): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const event of events) {
    for (const [name, value] of Object.entries(event.data)) {
      if (value === null) delete data[name]
      else data[name] = value
    }
  }
  return data
}

/** By names in lower case: as mappings name them, however the script wrote them. */
function latestVariables(events: readonly InteractionEvent[]): Record<string, string> {
  const pairs = events.flatMap(({ scriptVariables }) => Object.entries(scriptVariables))
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]))
}

function addressOf(data: Record<string, unknown>, channel: Channel, direction: 'inbound' | 'outbound'): string | null {
  const names = channel === 'voice' ? ['ani', 'dnis', 'from', 'to'] : ['from', 'to', 'ani', 'dnis']
  const [inbound, outbound, otherIn, otherOut] = names as [string, string, string, string]
  const order = direction === 'inbound' ? [inbound, otherIn] : [outbound, otherOut]
  const given = order.map((name) => textOf(data[name])).find((text) => text !== null) ?? null
  return given !== null && withheld.has(given.toLowerCase()) ? null : given
}

/** What networks and telephony systems write where the number is not told. */
const withheld = new Set([
  'anonymous',
  'blocked',
  'no caller id',
  'private',
  'restricted',
  'unavailable',
  'unknown',
  'withheld',
  'sip:anonymous@anonymous.invalid',
])

const textOf = (value: unknown): string | null => {
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? null : text
}

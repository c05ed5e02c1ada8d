import type { Event, Interaction } from './event.ts'

/**
 * What an interaction comes to when all its events arrived: the latest value of each field and variable (names of
 * variables in lower case), and when what happened.
 */
export function finalOf({ id, channelType, direction, caller, agents }: Interaction, events: readonly Event[]) {
  const at = (...types: Event['type'][]) => events.find(({ type }) => types.includes(type))?.at ?? null
  const data = Object.assign({}, ...events.map((event) => event.data)) as Event['data']
  const variables = events.flatMap(({ scriptVariables }) => Object.entries(scriptVariables))
  return {
    interaction: id,
    source: events[0]?.source ?? null,
    ...{ channelType, direction, caller },
    agents: agents.map((agent) => agent.id),
    events: events.map((event) => event.id),
    offeredAt: events[0]?.at ?? null,
    acceptedAt: at('accepted'),
    endedAt: at('contact_left', 'ended', 'dismissed'),
    // Nobody answered: it is over when whoever called hangs up.
    closedAt: at('wrap_up_closed', 'dismissed') ?? (at('accepted') === null ? at('contact_left') : null),
    contactLeft: at('contact_left') !== null,
    data,
    scriptVariables: Object.fromEntries(variables.map(([name, value]) => [name.toLowerCase(), value])),
  }
}

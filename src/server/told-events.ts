import { HubError } from '#core/errors.ts'
import { searchFurther } from '#desktop/search-further.ts'
import { type Taken, takeEvents } from '#desktop/take-events.ts'
import type { FullEvent } from './contract/interactions.ts'
import type { Hub } from './hub.ts'

/** Clocks differ by minutes; what is further ahead would keep an interaction open until then. */
const mostAheadMs = 86_400_000

/** Keeps what was told; as soon as it can be seen, the desktops hear of it and it is searched who it is. */
export async function takeTold(hub: Hub, events: readonly FullEvent[], sentBy: string): Promise<Taken[]> {
  const latest = hub.clock.now() + mostAheadMs
  const ahead = events.find(({ at }) => Date.parse(at) > latest)
  if (ahead) {
    throw new HubError('input.invalid', `The event ${ahead.id} is of ${ahead.at}, which is to come`, {
      field: 'at',
      mend: 'Set the contact centre’s clock, and send times with their zone.',
    })
  }
  const told = events.map(({ agent, at, data, ...event }) => ({
    ...event,
    ...{ agent: agent ?? null, at: new Date(at), data: plainTags(data) },
  }))
  return takeEvents(hub.pool, told, { sentBy, onSeen: (id) => show(hub, id) })
}

function show(hub: Hub, id: string): void {
  hub.wakeWorkers()
  hub.desktop.changed()
  // The sender waits for no search. One that fails is made when the card is looked at, or when the interaction ends.
  searchFurther(hub.desktop, hub.desktop.askCrm, id).catch((error: unknown) =>
    hub.log.warn('a caller was not looked up', { id, error }),
  )
}

/** A list of tags, and a text with commas, are the same. */
function plainTags(data: FullEvent['data']): Record<string, unknown> {
  return Array.isArray(data.tags) ? { ...data, tags: data.tags.join(',') } : data
}

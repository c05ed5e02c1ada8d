import { ensureSearched } from '#desktop/find-caller.ts'
import { type Taken, takeEvents } from '#desktop/take-events.ts'
import type { FullEvent } from './contract/interactions.ts'
import type { Hub } from './hub.ts'

/** Keeps what was told; when it is committed, the desktops hear of it and it is searched who it is. */
export async function takeTold(hub: Hub, events: readonly FullEvent[], sentBy: string): Promise<Taken[]> {
  const told = events.map(({ agent, at, data, ...event }) => ({
    ...event,
    ...{ agent: agent ?? null, at: new Date(at), data: plainTags(data) },
  }))
  const taken = await takeEvents(hub.pool, told, sentBy)
  const news = new Set(taken.filter(({ outcome }) => outcome === 'kept').map(({ interaction }) => interaction))
  if (news.size === 0) return taken
  hub.wakeWorkers()
  hub.desktop.changed()
  for (const id of news) {
    // The sender waits for no search. One that fails is made when the card is looked at, or when the interaction ends.
    ensureSearched(hub.desktop, id).catch((error: unknown) => hub.log.warn('a caller was not looked up', { id, error }))
  }
  return taken
}

/** A list of tags, and a text with commas, are the same. */
function plainTags(data: FullEvent['data']): Record<string, unknown> {
  return Array.isArray(data.tags) ? { ...data, tags: data.tags.join(',') } : data
}

import type { LiveEvent } from '../../../src/server/contract/live.ts'
import { eventOf, Line } from './line.ts'

export type { LiveEvent }

type Listener = (event: LiveEvent) => void

const listeners = new Set<Listener>()

/** What happens in the whole hub, resumed after the last event seen. */
export const live = new Line({
  path: '/live',
  take(message) {
    const event = eventOf<LiveEvent>(message)
    if (!event) return
    if (event.event === 'reset') live.forget()
    for (const listener of listeners) listener(event)
  },
})

export function onLive(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

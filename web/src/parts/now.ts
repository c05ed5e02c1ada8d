import { useSyncExternalStore } from 'react'

/** One clock for everything that is said relative to now. */
const SHORTEST_MS = 1000
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Date.now()

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now()
    timer = setInterval(() => {
      now = Date.now()
      for (const each of listeners) each()
    }, SHORTEST_MS)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

/** The time, at most so often: a component is drawn again only when its step is over. */
export function useNow(stepMs = 10_000): number {
  return useSyncExternalStore(subscribe, () => now - (now % stepMs))
}

import type { Lane } from '#connectors/call.ts'
import type { Clock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { Waiting } from './token.ts'

/**
 * Calls under way at once from this process to one organisation, by lane: a lane begins a call only below its own
 * number, so the more urgent ones always find room. Dataverse allows 52 per user for all processes together.
 */
export const laneSlots: Record<Lane, number> = { ring: 8, person: 7, incremental: 6, initial: 5 }

const lanes = Object.keys(laneSlots) as Lane[]

export interface Slots {
  /** Waits for a place; the returned function frees it. */
  take(key: string, lane: Lane, waiting: Waiting): Promise<() => void>
}

interface Place {
  taken: number
  waiters: Record<Lane, (() => void)[]>
}

export function createSlots(clock: Clock): Slots {
  const places = new Map<string, Place>()

  function placeOf(key: string): Place {
    const place = places.get(key) ?? { taken: 0, waiters: { ring: [], person: [], incremental: [], initial: [] } }
    places.set(key, place)
    return place
  }

  function wakeNext(key: string, place: Place): void {
    for (const lane of lanes) {
      while (place.taken < laneSlots[lane]) {
        const next = place.waiters[lane].shift()
        if (!next) break
        place.taken += 1
        next()
      }
    }
    if (place.taken === 0) places.delete(key)
  }

  return {
    async take(key, lane, waiting) {
      const place = placeOf(key)
      const free = once(() => {
        place.taken -= 1
        wakeNext(key, place)
      })
      if (place.taken < laneSlots[lane]) {
        place.taken += 1
        return free
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      place.waiters[lane].push(resolve)
      await woken(clock, promise, waiting).catch((error: unknown) => {
        const at = place.waiters[lane].indexOf(resolve)
        if (at >= 0) place.waiters[lane].splice(at, 1)
        // Woken in the same moment as the wait was given up: the place goes to the next one.
        else free()
        throw error
      })
      return free
    },
  }
}

async function woken(clock: Clock, woken: Promise<void>, waiting: Waiting): Promise<void> {
  const stop = new AbortController()
  const signal = waiting.signal ? AbortSignal.any([waiting.signal, stop.signal]) : stop.signal
  const tooLate = clock.sleep(Math.max(waiting.deadline - clock.monotonic(), 0), signal).then(() => {
    throw new HubError('crm.throttled', 'Too many calls to this CRM are under way', {
      retryAt: clock.now() + 1_000,
      sent: false,
    })
  })
  try {
    await Promise.race([woken, tooLate])
  } finally {
    stop.abort()
    tooLate.catch(() => undefined)
  }
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}

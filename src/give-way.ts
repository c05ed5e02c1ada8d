import { getPriority, setPriority } from 'node:os'
import { pid, platform } from 'node:process'

const steps = 10
const lowestPriority = 19
/** How long after a call the work still gives way. */
const forMs = 10_000

export interface GiveWay {
  /** A caller is looked up now. */
  ask(): void
  /** Callers were looked up within the last seconds. */
  readonly lasts: boolean
}

/**
 * Lowers this thread's priority (of `nice`) from the first look-up until some seconds after the last: with all processors
 * busy, whoever calls would else wait for the thread's turn to end. Linux alone has priorities of threads; and a process
 * without the right to raise one leaves it low.
 */
export function createGiveWay(): GiveWay {
  let askedAt = 0
  let lasts = false

  function set(priority: number): void {
    // Without a process named, Linux means the calling thread; others lower the whole process, doors and all.
    if (platform !== 'linux') return
    try {
      setPriority(priority)
    } catch {
      // Not allowed: as fast as the system shares its processors out.
    }
  }

  function raiseAgain(): void {
    const left = askedAt + forMs - performance.now()
    lasts = left > 0
    if (lasts) setTimeout(raiseAgain, left).unref()
    else set(getPriority(pid))
  }

  return {
    ask() {
      askedAt = performance.now()
      if (lasts) return
      lasts = true
      set(Math.min(lowestPriority, getPriority(pid) + steps))
      setTimeout(raiseAgain, forMs).unref()
    },
    get lasts() {
      return lasts
    },
  }
}

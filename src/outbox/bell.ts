/** Ends a wait before its time. */
export interface Bell {
  ring(): void
  /** Resolves at the next ring, at the latest after so many milliseconds; a ring while nobody sleeps is remembered. */
  sleep(ms: number): Promise<void>
}

/** For one sleeper; rings by itself when the signal fires. */
export function createBell(stopping: AbortSignal): Bell {
  let rung = false
  let wake: (() => void) | undefined
  const ring = () => {
    if (wake) wake()
    else rung = true
  }
  stopping.addEventListener('abort', ring, { once: true })
  return {
    ring,
    sleep(ms) {
      if (rung || stopping.aborted) {
        rung = false
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => wake?.(), ms)
        wake = () => {
          clearTimeout(timer)
          wake = undefined
          resolve()
        }
      })
    },
  }
}

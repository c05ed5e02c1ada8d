/** Ends a wait before its time. */
export interface Bell {
  ring(): void
  /** Resolves at the next ring, at the latest after so many milliseconds; a ring while nobody sleeps is remembered. */
  sleep(ms: number): Promise<void>
}

/** For one sleeper. */
export function createBell(): Bell {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      if (wake) wake()
      else rung = true
    },
    sleep(ms) {
      if (rung) {
        rung = false
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        wake = () => {
          clearTimeout(timer)
          wake = undefined
          resolve()
        }
        const timer = setTimeout(wake, ms)
      })
    },
  }
}

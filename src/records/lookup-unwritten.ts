import type { Clock } from '#core/clock.ts'
import type { Log } from '#core/log.ts'

/** Look-ups that are answered without an act, while none can be written: whoever rings must not wait for a disk. */
export interface UnwrittenLookUps {
  /** `answer` writes the act; where the database has no room for it, `answerUnwritten` is asked instead. */
  write<T>(answer: () => Promise<T>, answerUnwritten: () => Promise<T>): Promise<T>
  /** So many since this process began. */
  count(): number
  /** Whether the last that was to be written could not be. */
  isNow(): boolean
}

/**
 * No room (53xxx), but for too many connections, under which nothing would be answered either; and a database that takes
 * no writes (25006), as hosted ones do when their disk is full.
 */
const noRoom = (error: unknown) =>
  /^(53(?!300)\d{3}|25006)$/.test(String((error as { code?: unknown } | null)?.code ?? ''))

/** So long none tries to write again, so that those who ring do not each wait for a failure. */
const pauseMs = 1_000
const tellEveryMs = 60_000

export function createUnwrittenLookUps({ clock, log }: { clock: Clock; log: Log }): UnwrittenLookUps {
  let count = 0
  let failing = false
  let until = Number.NEGATIVE_INFINITY
  let toldAt = Number.NEGATIVE_INFINITY

  function failed(error: unknown): void {
    const now = clock.monotonic()
    failing = true
    until = now + pauseMs
    if (now - toldAt < tellEveryMs) return
    toldAt = now
    log.error('look-ups are answered without being written to the audit log: the database has no room', { error })
  }

  return {
    async write(answer, answerUnwritten) {
      if (clock.monotonic() >= until) {
        try {
          const answered = await answer()
          failing = false
          return answered
        } catch (error) {
          if (!noRoom(error)) throw error
          failed(error)
        }
      }
      count += 1
      return answerUnwritten()
    },
    count: () => count,
    isNow: () => failing,
  }
}

import { getPriority, setPriority } from 'node:os'

const steps = 10
const lowestPriority = 19
/** How long after a call the thread still gives way. */
const forMs = 10_000

/**
 * Lowers a thread's priority (of `nice`) from the first call until some seconds after the last: with all processors busy,
 * whoever calls would else wait for the thread's turn to end. Linux alone has priorities of threads; and a process
 * without the right to raise one leaves it low.
 */
export function createGiveWay(threadId: number): () => void {
  let calledAt = 0
  let low = false

  function set(priority: number): void {
    try {
      setPriority(threadId, priority)
    } catch {
      // Not allowed, or no such thread: as fast as the system shares its processors out.
    }
  }

  function raiseAgain(): void {
    const left = calledAt + forMs - performance.now()
    low = left > 0
    if (low) setTimeout(raiseAgain, left).unref()
    else set(getPriority())
  }

  return () => {
    calledAt = performance.now()
    if (low) return
    low = true
    set(Math.min(lowestPriority, getPriority() + steps))
    setTimeout(raiseAgain, forMs).unref()
  }
}

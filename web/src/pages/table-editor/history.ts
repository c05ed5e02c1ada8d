/** A draft with those before it, so that each step can be taken back. */
export interface History<Draft> {
  past: Draft[]
  now: Draft
}

export type Step<Draft> = { put: (now: Draft) => Draft } | { undo: true } | { begin: Draft }

const mostSteps = 100

export function takeStep<Draft>(history: History<Draft>, step: Step<Draft>): History<Draft> {
  if ('begin' in step) return { past: [], now: step.begin }
  if ('undo' in step) {
    const before = history.past.at(-1)
    return before === undefined ? history : { past: history.past.slice(0, -1), now: before }
  }
  return { past: [...history.past.slice(-mostSteps), history.now], now: step.put(history.now) }
}

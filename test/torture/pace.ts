import { setTimeout as wait } from 'node:timers/promises'

/** Something that is done over and over. */
export interface Paced {
  /** So many a second from now on. */
  start(rate: number): void
  /** Resolves when the last one is done. */
  stop(): Promise<void>
}

const tickMs = 50

/** One after the other; `rest` is waited for at the end. */
export function paced(one: () => Promise<void> | void, rest?: () => Promise<unknown>): Paced {
  let running: Promise<void> | undefined
  let rate = 0
  const run = async () => {
    for (let owed = 0; rate > 0; ) {
      owed += (rate * tickMs) / 1000
      for (; owed >= 1 && rate > 0; owed -= 1) await one()
      await wait(tickMs)
    }
    await rest?.()
  }
  return {
    start(asked) {
      rate = asked
      running ??= run()
      // A round that fails takes the world down before it stops this; whoever stops it is still told.
      running.catch(() => undefined)
    },
    async stop() {
      rate = 0
      const ending = running
      running = undefined
      await ending
    },
  }
}

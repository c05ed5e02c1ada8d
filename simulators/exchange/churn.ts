import { randomStream } from '../organisation/random.ts'

/** Random life in what a simulator holds, for demos: `rate` changes a second, and ten times that in a burst now and then. */
export type Churn = {
  rate: number
  done: number
  random: () => number
  changeOne: (random: () => number) => void
  timer: NodeJS.Timeout | null
  owed: number
}

const TICK_MS = 100
/** One tick in so many starts a second of burst. */
const BURST_EVERY = 300

export const makeChurn = (seed: number, changeOne: Churn['changeOne']): Churn => ({
  rate: 0,
  done: 0,
  random: randomStream(seed),
  changeOne,
  timer: null,
  owed: 0,
})

export function setChurn(churn: Churn, rate: number): void {
  if (churn.timer) clearInterval(churn.timer)
  churn.timer = null
  churn.rate = rate
  if (rate <= 0) return
  let ticks = 0
  churn.timer = setInterval(() => {
    ticks++
    const burst = ticks % BURST_EVERY < 1000 / TICK_MS && ticks >= BURST_EVERY
    churn.owed += (rate * TICK_MS * (burst ? 10 : 1)) / 1000
    for (; churn.owed >= 1; churn.owed--) {
      churn.done++
      churn.changeOne(churn.random)
    }
  }, TICK_MS)
}

/** The id of a random row, or null when none that is there was met. */
export function someId(
  { base, extras }: { base: { count: number; idOf(index: number): string } | null; extras: readonly string[] },
  random: () => number,
  isThere: (id: string) => boolean,
): string | null {
  const seeded = base?.count ?? 0
  const total = seeded + extras.length
  for (let tries = 0; tries < 20 && total > 0; tries++) {
    const n = Math.floor(random() * total)
    const id = n < seeded ? base!.idOf(n) : extras[n - seeded]!
    if (isThere(id)) return id
  }
  return null
}

import { round } from './progress.ts'

/** The median of the pairs' ratios, with the lowest and the highest. */
export interface Ratio {
  ratio: number
  low: number
  high: number
}

export function ratioOf(ratios: readonly number[]): Ratio {
  const sorted = ratios.toSorted((a, b) => a - b)
  return { ratio: round(median(sorted)), low: round(sorted[0]!), high: round(sorted.at(-1)!) }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Both sides of each pair one after the other; who comes first alternates, so that neither always meets a warmer disk. */
export async function inPairs<A, B>(
  pairs: number,
  sides: { hub: (pair: number) => Promise<A>; baseline: (pair: number) => Promise<B> },
): Promise<{ hub: A; baseline: B }[]> {
  const measured: { hub: A; baseline: B }[] = []
  for (let pair = 1; pair <= pairs; pair += 1) {
    if (pair % 2 === 1) {
      const baseline = await sides.baseline(pair)
      measured.push({ baseline, hub: await sides.hub(pair) })
    } else {
      const hub = await sides.hub(pair)
      measured.push({ hub, baseline: await sides.baseline(pair) })
    }
  }
  return measured
}

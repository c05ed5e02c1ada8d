import { pick } from '../organisation/random.ts'
import type { Agent, Caller } from './event.ts'

/** What the plans of one interaction are made with. */
export type Draft = {
  seed: number
  index: number
  caller: Caller
  channelType: string
  direction: 'inbound' | 'outbound'
  /** Who takes it, and to whom it may go. */
  agent: Agent
  others: readonly Agent[]
  random: () => number
}

/** Another run has other ids, or its interactions would be taken for those of the last one. */
const run = Date.now().toString(36)
export const idOf = (seed: number, index: number): string => `${run}-${seed}-${index + 1}`

/** Between the two, in milliseconds of the centre's time; short ones are the rule. */
export const seconds = (random: () => number, least: number, most: number): number =>
  Math.round((least + (most - least) * random() ** 2) * 1000)

export const oneOf = <T>(list: readonly T[], random: () => number): T => pick(list, Math.floor(random() * 1_000_000))

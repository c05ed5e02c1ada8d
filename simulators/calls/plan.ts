import { hash, randomStream } from '../organisation/random.ts'
import { planDigital } from './digital.ts'
import { type Draft, idOf } from './draft.ts'
import type { Interaction } from './event.ts'
import { planVoice } from './voice.ts'

const channels = [
  { channelType: 'voice', share: 66 },
  { channelType: 'chat', share: 14 },
  { channelType: 'sms', share: 9 },
  { channelType: 'email', share: 9 },
  { channelType: 'video', share: 2 },
]

/** The first of all rings. */
export function channelFor(seed: number, index: number): string {
  let left = index === 0 ? 0 : hash(seed, index, 11) % 100
  for (const { channelType, share } of channels) {
    if (left < share) return channelType
    left -= share
  }
  return 'voice'
}

export const isVoice = (channelType: string): boolean => channelType === 'voice' || channelType === 'video'

type Given = Pick<Draft, 'seed' | 'index' | 'caller' | 'channelType' | 'agent' | 'others'>

/** The whole life of one interaction: a function of seed and index, of the caller and the agents. */
export function planOf(given: Given): Interaction {
  const { seed, index, caller, channelType, agent, others } = given
  const random = randomStream(hash(seed, index, 31))
  const calls = caller.kind === 'known' || caller.kind === 'unknown'
  const direction = index > 0 && calls && random() < 0.15 ? ('outbound' as const) : ('inbound' as const)
  const draft: Draft = { ...given, direction, random }
  const steps = isVoice(channelType) ? planVoice(draft) : planDigital(draft)
  const agents = [agent, ...others].filter(({ id }) => steps.some((step) => step.agent?.id === id))
  return { id: idOf(seed, index), channelType, direction, caller, agents, steps }
}

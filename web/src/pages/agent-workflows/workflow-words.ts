import type { AgentWorkflow } from '../../api/configuration-parts.ts'
import { humanise } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'

export function useChannelName(): (channel: string) => string {
  const { t } = useText()
  return (channel) => t.agentWorkflows.channelNames[channel] ?? humanise(channel)
}

/** For which skills and channels it is. */
export function useWhoWords(): (workflow: Pick<AgentWorkflow, 'skills' | 'channels'>) => string {
  const { t, f } = useText()
  const channelName = useChannelName()
  const words = t.agentWorkflows
  return ({ skills, channels }) =>
    [
      skills.length > 0 ? f.list(skills) : words.allSkills,
      channels.length > 0 ? f.list(channels.map(channelName)) : words.allChannels,
    ].join(' · ')
}

/** What it runs, in a few words. */
export function useRunsWords(): (workflow: AgentWorkflow) => string {
  const { t } = useText()
  const { what } = t.agentWorkflows
  return ({ definition }) => {
    const { dynamicDataIds, memorializationIds, createIds, updateIds, timeline } = definition
    return [
      what.search,
      dynamicDataIds.length > 0 ? what.dynamic(dynamicDataIds.length) : null,
      timeline ? what.timeline : null,
      memorializationIds.length > 0 ? what.memorialization(memorializationIds.length) : null,
      createIds.length > 0 ? what.creates(createIds.length) : null,
      updateIds.length > 0 ? what.updates(updateIds.length) : null,
    ]
      .filter((part) => part !== null)
      .join(' · ')
  }
}

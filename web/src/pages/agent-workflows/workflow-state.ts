import type { AgentWorkflow, AgentWorkflowInput } from '../../api/configuration-parts.ts'
import type { ConfigurationFields } from '../../api/configurations.ts'

/** What calls are in most CRMs. */
const usualActivities = ['phone_call', 'task']

/** One that is still to be made: with these it does what an interaction without any has. */
export function emptyWorkflow({ entities }: ConfigurationFields): AgentWorkflow {
  const activities = entities.filter((one) => one.activity).map(({ entity }) => entity)
  const entity = usualActivities.find((one) => activities.includes(one)) ?? activities[0]
  const timeline = entity === undefined ? null : { entity, subject: '', complete: true }
  return { ...empty, definition: { ...empty.definition, timeline } }
}

const empty: AgentWorkflow = {
  ...{ id: '', configurationId: '', name: '', position: 0, version: 0, createdBy: '', createdAt: '', changedAt: '' },
  skills: [],
  channels: [],
  definition: {
    searchId: null,
    dynamicDataIds: [],
    timeline: null,
    memorializationIds: [],
    createIds: [],
    updateIds: [],
    dispositions: [],
    tags: [],
    screenPop: { when: 'never', how: 'tab' },
    wrapUpMinutes: 30,
  },
}

export const draftOf = ({ name, skills, channels, definition }: AgentWorkflow): AgentWorkflowInput => ({
  ...{ name, skills, channels, definition },
})

const mostMinutes = 1440

export const fitsMinutes = (minutes: number): boolean =>
  Number.isInteger(minutes) && minutes >= 0 && minutes <= mostMinutes

export const missingOf = ({ name, definition }: AgentWorkflowInput): number =>
  (name.trim() ? 0 : 1) + (fitsMinutes(definition.wrapUpMinutes) ? 0 : 1)

import type { SyncedTable } from '#records/table.ts'
import { entityUnknown, wrong } from './check-against.ts'
import { isActivity } from './check-mapping.ts'
import type { AgentWorkflowDefinition, Notice } from './definitions.ts'
import { unknownPlaceholders } from './template.ts'

const usual = ['phone_call', 'task']

/** The activity that an interaction becomes where nobody says otherwise; null: the CRM has none. */
export function usualTimeline(tables: readonly SyncedTable[]): AgentWorkflowDefinition['timeline'] {
  const activities = tables.filter(isActivity).map(({ entity }) => entity)
  const entity = usual.find((one) => activities.includes(one)) ?? activities[0]
  return entity === undefined ? null : { entity, subject: '', complete: true }
}

/** What of it has to do with the CRM; that its parts are there is checked when it is stored. */
export function checkAgentWorkflow({ timeline }: AgentWorkflowDefinition, tables: readonly SyncedTable[]): Notice[] {
  if (timeline === null) return []
  const { entity, subject } = timeline
  const table = tables.find((one) => one.entity === entity)
  if (!table) return [entityUnknown(entity)]
  if (!isActivity(table)) {
    return [wrong('not_an_activity', `${entity} is no activity of the CRM, such as a phone call`, { entity })]
  }
  return unknownPlaceholders(subject).map((name) =>
    wrong('data_unknown', `No interaction has “${name}”`, { entity, field: 'subject' }),
  )
}

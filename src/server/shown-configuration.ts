import type { AgentWorkflow as StoredWorkflow } from '#desktop/agent-workflow.ts'
import type { Configuration as Stored } from '#desktop/configuration.ts'
import type { Part as StoredPart } from '#desktop/configuration-parts.ts'
import type { Notice } from '#desktop/definitions.ts'
import type { AgentWorkflow } from './contract/agent-workflows.ts'
import type { Configuration, Part } from './contract/configurations.ts'
import type { Problem } from './contract/shapes.ts'
import { problem, time } from './shown.ts'

export function shownConfiguration(stored: Stored): Configuration {
  const { parts, agentWorkflows, authenticationId, authenticationName } = stored
  const { id, name, description, connectionId, connectionName, crm, screenPopDomain, teamIds, personIds } = stored
  const trouble = configurationProblem(stored)
  return {
    ...{ id, name, description, connectionId, connectionName, crm, screenPopDomain, teamIds, personIds },
    authentication: { id: authenticationId, name: authenticationName },
    state: stored.state === 'active' && trouble ? 'needs_attention' : stored.state,
    problem: trouble,
    parts: {
      search: parts.search ?? 0,
      dynamicData: parts.dynamic_data ?? 0,
      memorialization: parts.memorialization ?? 0,
      create: parts.create ?? 0,
      update: parts.update ?? 0,
      agentWorkflows,
    },
    version: stored.version,
    createdBy: stored.createdBy,
    createdAt: time(stored.createdAt),
    changedAt: time(stored.changedAt),
  }
}

/** What keeps its connection from working; it waits, and keeps all that is configured. */
export function configurationProblem({
  connectionName,
  connectionState,
  connectionProblem,
}: Pick<Stored, 'connectionName' | 'connectionState' | 'connectionProblem'>): Problem | null {
  if (connectionState === 'removed') {
    const message = `The connection “${connectionName}” was removed; what is configured is kept`
    return problem({ code: 'connection.not_found', message, mend: 'Connect the same organisation again.' })
  }
  if (connectionState === 'needs_attention') return problem(connectionProblem)
  if (connectionState !== 'paused') return null
  const message = `The connection “${connectionName}” is paused`
  return problem({ code: 'connection.not_ready', message, mend: 'Resume the connection.' })
}

export function shownPart(stored: StoredPart, notices: readonly Notice[]): Part {
  return { ...stored, notices: [...notices], createdAt: time(stored.createdAt), changedAt: time(stored.changedAt) }
}

export function shownWorkflow(stored: StoredWorkflow): AgentWorkflow {
  const { timeline } = stored.definition
  const definition = { ...stored.definition, timeline: timeline && { complete: true, ...timeline } }
  return { ...stored, definition, createdAt: time(stored.createdAt), changedAt: time(stored.changedAt) }
}

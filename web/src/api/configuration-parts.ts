import { queryOptions } from '@tanstack/react-query'
import type {
  AgentWorkflow,
  AgentWorkflowInput,
  AgentWorkflowList,
} from '../../../src/server/contract/agent-workflows.ts'
import type { Part, PartCheck, PartInput, PartList, PartNotice } from '../../../src/server/contract/configurations.ts'
import { act, get } from './request.ts'

export type { AgentWorkflow, AgentWorkflowInput, Part, PartInput, PartNotice }
export type PartKind = PartInput['kind']
export type PartOf<Kind extends PartKind> = Extract<Part, { kind: Kind }>
export type DefinitionOf<Kind extends PartKind> = PartOf<Kind>['definition']

const at = (configuration: string) => `/crm-configurations/${configuration}`

/** Search, dynamic data, memorialization, create and update: what workflows choose from. */
export const partsQuery = (configuration: string) =>
  queryOptions({
    queryKey: ['configurations', configuration, 'parts'],
    queryFn: async ({ signal }) => (await get<PartList>(`${at(configuration)}/parts`, {}, signal)).parts,
  })

export const partQuery = (configuration: string, part: string) =>
  queryOptions({
    queryKey: ['configurations', configuration, 'parts', part],
    queryFn: ({ signal }) => get<Part>(`${at(configuration)}/parts/${part}`, {}, signal),
  })

/** What saving it would say, asked while it is edited. */
export const partCheckQuery = (configuration: string, input: PartInput) =>
  queryOptions({
    queryKey: ['configurations', configuration, 'check', input],
    queryFn: async () => (await act<PartCheck>('POST', `${at(configuration)}/parts/check`, input)).notices,
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
  })

export const createPart = (configuration: string, input: PartInput) =>
  act<Part>('POST', `${at(configuration)}/parts`, input)
export const changePart = (configuration: string, id: string, change: { version: number; part: PartInput }) =>
  act<Part>('PUT', `${at(configuration)}/parts/${id}`, change)
export const removePart = (configuration: string, id: string) => act('DELETE', `${at(configuration)}/parts/${id}`)
/** The same mapping for the other channel. */
export const createTwin = (configuration: string, id: string) =>
  act<Part>('POST', `${at(configuration)}/parts/${id}/twin`)

export const agentWorkflowsQuery = (configuration: string) =>
  queryOptions({
    queryKey: ['configurations', configuration, 'agent-workflows'],
    queryFn: async ({ signal }) =>
      (await get<AgentWorkflowList>(`${at(configuration)}/agent-workflows`, {}, signal)).workflows,
  })

export const createAgentWorkflow = (configuration: string, input: AgentWorkflowInput) =>
  act<AgentWorkflow>('POST', `${at(configuration)}/agent-workflows`, input)
export const changeAgentWorkflow = (
  configuration: string,
  id: string,
  change: { version: number; workflow: AgentWorkflowInput },
) => act<AgentWorkflow>('PUT', `${at(configuration)}/agent-workflows/${id}`, change)
export const removeAgentWorkflow = (configuration: string, id: string) =>
  act('DELETE', `${at(configuration)}/agent-workflows/${id}`)
export const orderAgentWorkflows = (configuration: string, ids: string[]) =>
  act<AgentWorkflowList>('PUT', `${at(configuration)}/agent-workflows/order`, { ids })

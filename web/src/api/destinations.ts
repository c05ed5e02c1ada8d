import { queryOptions } from '@tanstack/react-query'
import type {
  ColumnDifference,
  MappingPart,
  MappingPartInput,
  MappingPreview,
} from '../../../src/server/contract/destination-mapping.ts'
import type {
  Destination,
  DestinationAct,
  DestinationChange,
  DestinationInput,
  DestinationList,
  DestinationMapping,
  DestinationProblems,
  Readiness,
  Requirement,
} from '../../../src/server/contract/destinations.ts'
import { act, get } from './request.ts'

export type {
  ColumnDifference,
  Destination,
  DestinationMapping,
  DestinationProblems,
  MappingPart,
  MappingPreview,
  Readiness,
  Requirement,
}

const busyMs = 1_500
const restMs = 10_000

/** Looked at often while rows are on their way. */
export const destinationsQuery = queryOptions({
  queryKey: ['destinations'],
  queryFn: async ({ signal }) => (await get<DestinationList>('/destinations', {}, signal)).destinations,
  refetchInterval: ({ state }) =>
    state.data?.some((one) => one.progress.due > 0 || one.figureAskedAt !== null) ? busyMs : restMs,
})

export const readinessQuery = (id: string) =>
  queryOptions({
    queryKey: ['destinations', id, 'readiness'],
    queryFn: ({ signal }) => get<Readiness>(`/destinations/${id}/readiness`, {}, signal),
    staleTime: 60_000,
  })

export const destinationMappingQuery = (id: string) =>
  queryOptions({
    queryKey: ['destinations', id, 'mapping'],
    queryFn: ({ signal }) => get<DestinationMapping>(`/destinations/${id}/mapping`, {}, signal),
  })

export const destinationProblemsQuery = (id: string) =>
  queryOptions({
    queryKey: ['destinations', id, 'problems'],
    queryFn: ({ signal }) => get<DestinationProblems>(`/destinations/${id}/problems`, { limit: 50 }, signal),
  })

export const nameDestination = (input: DestinationInput) => act<Destination>('POST', '/destinations', input)
export const changeDestination = (id: string, change: DestinationChange) =>
  act<Destination>('PATCH', `/destinations/${id}`, change)
export const actOnDestination = (id: string, what: DestinationAct) =>
  act<Destination>('POST', `/destinations/${id}/${what}`)
export const makeColumns = (id: string) => act<Readiness>('POST', `/destinations/${id}/columns`, { consent: true })
export const resetMapping = (id: string) =>
  act<DestinationMapping>('PUT', `/destinations/${id}/mapping`, { mapping: null })

/** Lines of one kind of CRM into one table, with all that can be chosen for them. */
export const mappingPartQuery = (part: PartName) =>
  queryOptions({
    queryKey: ['destinations', part.id, 'mapping', part.entity, part.crm],
    queryFn: ({ signal }) => get<MappingPart>(partPath(part), {}, signal),
  })

export interface PartName {
  id: string
  entity: string
  crm: string
}

const partPath = ({ id, entity, crm }: PartName) => `/destinations/${id}/mapping/${entity}/${encodeURIComponent(crm)}`

export const changeMappingPart = (part: PartName, input: MappingPartInput) =>
  act<MappingPart>('PUT', partPath(part), input)
export const previewMappingPart = (part: PartName, lines: MappingPart['lines']) =>
  act<MappingPreview>('POST', `${partPath(part)}/preview`, { lines })

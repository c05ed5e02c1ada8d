import { queryOptions } from '@tanstack/react-query'
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

export type { Destination, DestinationMapping, DestinationProblems, Readiness, Requirement }

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

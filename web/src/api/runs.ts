import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Run, RunAct, RunList, RunState, RunsRequested } from '../../../src/server/contract/runs.ts'
import { act, get, type Query } from './request.ts'

export type { Run, RunAct, RunList, RunState }

export interface RunFilter extends Query {
  connection?: string | undefined
  entity?: string | undefined
  state?: RunState | undefined
}

export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ['runs', 'list', filter],
    queryFn: ({ signal, pageParam }) => get<RunList>('/runs', { ...filter, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })

/** What the timeline is drawn from. */
export const latestRunsQuery = queryOptions({
  queryKey: ['runs', 'latest'],
  queryFn: async ({ signal }) => (await get<RunList>('/runs', { limit: 200 }, signal)).runs,
})

export const runQuery = (id: string) =>
  queryOptions({ queryKey: ['runs', 'one', id], queryFn: ({ signal }) => get<Run>(`/runs/${id}`, {}, signal) })

export const actOnRun = (id: string, what: RunAct) => act<Run>('POST', `/runs/${id}/${what}`)

export const requestRun = (input: { connection: string; entity?: string; kind: 'initial' | 'incremental' | 'full' }) =>
  act<RunsRequested>('POST', '/runs', input)

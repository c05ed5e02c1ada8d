import { queryOptions } from '@tanstack/react-query'
import type { TeamList } from '../../../src/server/contract/teams.ts'
import { get } from './request.ts'

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: async ({ signal }) => (await get<TeamList>('/teams', {}, signal)).teams,
})

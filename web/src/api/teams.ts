import { queryOptions } from '@tanstack/react-query'
import type { Owners, Team, TeamChange, TeamInput, TeamList } from '../../../src/server/contract/teams.ts'
import { client } from './client.ts'
import { act, get } from './request.ts'

export type { Team }

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: async ({ signal }) => (await get<TeamList>('/teams', {}, signal)).teams,
})

/** The CRMs' users that somebody is. */
export const ownersQuery = (person: string) =>
  queryOptions({
    queryKey: ['people', person, 'owners'],
    queryFn: async ({ signal }) => (await get<Owners>(`/people/${person}/owners`, {}, signal)).owners,
  })

export const refreshTeams = () => client.invalidateQueries({ queryKey: ['teams'] })

export const createTeam = (input: TeamInput) => act<Team>('POST', '/teams', input)
export const changeTeam = (id: string, change: TeamChange) => act<Team>('PATCH', `/teams/${id}`, change)
export const removeTeam = (id: string) => act('DELETE', `/teams/${id}`)
export const addMember = (team: string, person: string) => act<Team>('PUT', `/teams/${team}/members/${person}`)
export const removeMember = (team: string, person: string) => act<Team>('DELETE', `/teams/${team}/members/${person}`)
export const setOwners = (person: string, owners: string[]) =>
  act<Owners>('PUT', `/people/${person}/owners`, { owners })

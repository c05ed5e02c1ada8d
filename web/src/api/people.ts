import { queryOptions } from '@tanstack/react-query'
import type {
  Acceptance,
  Invitation,
  InvitationInput,
  InvitationList,
  NewInvitation,
  ShownInvitation,
} from '../../../src/server/contract/invitations.ts'
import type { HandedLink, Person, PersonList, PersonPatch, SessionList } from '../../../src/server/contract/people.ts'
import type { Session } from '../../../src/server/contract/session.ts'
import { client } from './client.ts'
import { act, get } from './request.ts'

export type { HandedLink, Invitation, NewInvitation, Person, ShownInvitation }

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async ({ signal }) => (await get<PersonList>('/people', {}, signal)).people,
})

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: async ({ signal }) => (await get<InvitationList>('/invitations', {}, signal)).invitations,
})

export const sessionsOfQuery = (id: string) =>
  queryOptions({
    queryKey: ['people', id, 'sessions'],
    queryFn: async ({ signal }) => (await get<SessionList>(`/people/${id}/sessions`, {}, signal)).sessions,
  })

export const refreshPeople = () => client.invalidateQueries({ queryKey: ['people'] })
export const refreshInvitations = () => client.invalidateQueries({ queryKey: ['invitations'] })

export const changePerson = (id: string, patch: PersonPatch) => act<Person>('PATCH', `/people/${id}`, patch)
export const suspendPerson = (id: string) => act<Person>('POST', `/people/${id}/suspend`)
export const activatePerson = (id: string) => act<Person>('POST', `/people/${id}/activate`)
export const resetPerson = (id: string) => act<HandedLink>('POST', `/people/${id}/reset`)
export const removePerson = (id: string) => act('DELETE', `/people/${id}`)
export const endSessionOf = (id: string, session: string) => act('DELETE', `/people/${id}/sessions/${session}`)
export const endSessionsOf = (id: string) => act('DELETE', `/people/${id}/sessions`)

export const invite = (input: InvitationInput) => act<NewInvitation>('POST', '/invitations', input)
export const withdrawInvitation = (id: string) => act('DELETE', `/invitations/${id}`)
export const showInvitation = (token: string) => act<ShownInvitation>('POST', '/invitations/show', { token })
export const acceptInvitation = (input: Acceptance) => act<Session>('POST', '/invitations/accept', input)

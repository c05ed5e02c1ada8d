import { queryOptions } from '@tanstack/react-query'
import type {
  Authentication,
  AuthenticationChange,
  AuthenticationList,
  NewAuthentication,
  SecretReplaced,
} from '../../../src/server/contract/authentications.ts'
import { client } from './client.ts'
import { type CheckStep, streamed } from './connections.ts'
import { act, get } from './request.ts'
import { mayNow } from './rights.ts'

export type { Authentication, SecretReplaced }

export const authenticationsQuery = queryOptions({
  queryKey: ['authentications'],
  queryFn: async ({ signal }) => (await get<AuthenticationList>('/authentications', {}, signal)).authentications,
  enabled: () => mayNow('edit:integrations'),
})

export const refreshAuthentications = () => client.invalidateQueries({ queryKey: ['authentications'] })

/** Tries it and makes it, telling each tick as it is made. */
export const createAuthentication = (input: NewAuthentication, onStep: (step: CheckStep) => void) =>
  streamed<Authentication>('/authentications', input, onStep)

export const changeAuthentication = (id: string, change: AuthenticationChange) =>
  act<Authentication>('PATCH', `/authentications/${id}`, change)
export const removeAuthentication = (id: string) => act('DELETE', `/authentications/${id}`)
export const replaceSecret = (id: string, secret: string) =>
  act<SecretReplaced>('PUT', `/authentications/${id}/secret`, { secret })

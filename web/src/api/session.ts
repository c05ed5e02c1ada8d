import { queryOptions } from '@tanstack/react-query'
import type { Session } from '../../../src/server/contract/session.ts'
import { act, get } from './request.ts'

export type { Session }

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => get<Session>('/session', {}, signal),
  staleTime: 300_000,
  retry: false,
})

export const signIn = (token: string) => act<Session>('POST', '/session', { token })
export const signOut = () => act('DELETE', '/session')

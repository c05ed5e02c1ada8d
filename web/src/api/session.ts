import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Session } from '../../../src/server/contract/session.ts'
import { act, get } from './request.ts'

export type { Session }

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => get<Session>('/session', {}, signal),
  staleTime: 300_000,
  retry: false,
})

export type Right = Session['scopes'][number]

/** Whether who is signed in may do it. What they may not do is not offered. */
export function useMay(right: Right): boolean {
  const { data } = useQuery(sessionQuery)
  return data?.scopes.includes(right) ?? false
}

export const signIn = (token: string) => act<Session>('POST', '/session', { token })
export const signOut = () => act('DELETE', '/session')

import { queryOptions } from '@tanstack/react-query'
import type { AuthenticationList } from '../../../src/server/contract/authentications.ts'
import { act, get } from './request.ts'

export const authenticationsQuery = queryOptions({
  queryKey: ['authentications'],
  queryFn: async ({ signal }) => (await get<AuthenticationList>('/authentications', {}, signal)).authentications,
})

export const replaceSecret = (id: string, secret: string) => act('PUT', `/authentications/${id}/secret`, { secret })

import { queryOptions } from '@tanstack/react-query'
import type { ApiKey, ApiKeyInput, ApiKeyList, NewApiKey, Scope } from '../../../src/server/contract/keys.ts'
import { act, get } from './request.ts'
import { mayNow } from './rights.ts'

export type { ApiKey, NewApiKey, Scope }

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }) => (await get<ApiKeyList>('/keys', {}, signal)).keys,
  enabled: () => mayNow('manage:keys'),
})

export const createKey = (input: ApiKeyInput) => act<NewApiKey>('POST', '/keys', input)
export const revokeKey = (id: string) => act('DELETE', `/keys/${id}`)

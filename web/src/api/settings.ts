import { queryOptions } from '@tanstack/react-query'
import type { HubSettings } from '../../../src/server/contract/settings.ts'
import { get } from './request.ts'

export type { HubSettings }

/** They change with a restart only. */
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => get<HubSettings>('/settings', {}, signal),
  staleTime: 300_000,
})

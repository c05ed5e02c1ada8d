import { queryOptions } from '@tanstack/react-query'
import type { Quota } from '../../../src/server/contract/quota.ts'
import { get } from './request.ts'

export type { Quota }

/** Kept fresh by the live line. */
export const quotaQuery = (connection: string) =>
  queryOptions({
    queryKey: ['quota', connection],
    queryFn: ({ signal }) => get<Quota>(`/connections/${connection}/quota`, {}, signal),
  })

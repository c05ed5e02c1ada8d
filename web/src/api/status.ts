import { queryOptions } from '@tanstack/react-query'
import type { ConnectionStatus, Status, TableStatus, TransactionHolder } from '../../../src/server/contract/status.ts'
import { get } from './request.ts'
import { mayNow } from './rights.ts'

export type { ConnectionStatus, Status, TableStatus, TransactionHolder }

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => get<Status>('/status', {}, signal),
  enabled: () => mayNow('read:status'),
  // Runs and counts come live; the rest of the overview is asked for again now and then.
  refetchInterval: 15_000,
  staleTime: 2000,
})

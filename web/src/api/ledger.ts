import { queryOptions } from '@tanstack/react-query'
import type { Ledger, LedgerLine } from '../../../src/server/contract/ledger.ts'
import { get } from './request.ts'

export type { Ledger, LedgerLine }

export const ledgerQuery = queryOptions({
  queryKey: ['ledger'],
  queryFn: ({ signal }) => get<Ledger>('/ledger', {}, signal),
  refetchInterval: 10_000,
})

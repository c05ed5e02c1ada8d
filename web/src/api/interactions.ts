import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Interaction, InteractionList, InteractionState } from '../../../src/server/contract/interactions.ts'
import { get, type Query } from './request.ts'

export type { Interaction, InteractionState }

/** Interactions beside the activities in the CRM that were made of them. */
export interface InteractionLedger {
  interactions: number
  withLink: number
  activities: number
  done: number
  waiting: number
  failed: number
  unknown: number
  nothingLinked: number
}

export interface InteractionFilter extends Query {
  state?: 'open' | 'closed' | 'differing' | undefined
  record?: string | undefined
}

export const interactionsQuery = (filter: InteractionFilter) =>
  infiniteQueryOptions({
    queryKey: ['interactions', 'list', filter],
    queryFn: ({ signal, pageParam }) => get<InteractionList>('/interactions', { ...filter, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    // Those of others have no live event: while the page is open it asks.
    refetchInterval: 5000,
  })

export const interactionLedgerQuery = queryOptions({
  queryKey: ['interactions', 'ledger'],
  queryFn: ({ signal }) => get<InteractionLedger>('/interactions/ledger', {}, signal),
  refetchInterval: 5000,
})

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Interaction, InteractionLedger, InteractionList } from '../../../src/server/contract/interactions.ts'
import type { Card } from './desktop.ts'
import { get, type Query } from './request.ts'

export type { Interaction, InteractionLedger }

/** An agent whose person was erased has an id of no meaning. */
export const isErased = (agentId: string) => agentId.startsWith('erased:')

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

export const interactionQuery = (id: string) =>
  queryOptions({
    queryKey: ['interactions', 'one', id],
    queryFn: ({ signal }) => get<Card>(`/interactions/${id}`, {}, signal),
    refetchInterval: 5000,
  })

export const interactionLedgerQuery = queryOptions({
  queryKey: ['interactions', 'ledger'],
  queryFn: ({ signal }) => get<InteractionLedger>('/interactions/ledger', {}, signal),
  refetchInterval: 5000,
})

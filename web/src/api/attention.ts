import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  AttentionCounts,
  AttentionItem,
  AttentionKind,
  AttentionList,
  Parked,
  Replayed,
} from '../../../src/server/contract/attention.ts'
import { client } from './client.ts'
import { act, get, type Query } from './request.ts'

export type { AttentionCounts, AttentionItem, AttentionKind, AttentionList, Parked }

export interface AttentionFilter extends Query {
  kind?: AttentionKind | undefined
  connection?: string | undefined
}

export const attentionQuery = (filter: AttentionFilter) =>
  infiniteQueryOptions({
    queryKey: ['attention', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      get<AttentionList>('/attention', { ...filter, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const parkedQuery = (id: string) =>
  queryOptions({ queryKey: ['parked', id], queryFn: ({ signal }) => get<Parked>(`/parked/${id}`, {}, signal) })

export const replayParked = (id: string) => act<Replayed>('POST', `/parked/${id}/replay`)
export const dropParked = (id: string) => act('DELETE', `/parked/${id}`)
export const replayAll = (connection?: string) =>
  act<Replayed>('POST', '/parked/replay-all', connection ? { connection } : {})

/** Lists and counts that an act on what needs attention may have changed. */
export function refreshAttention(): void {
  for (const queryKey of [
    ['attention'],
    ['status'],
    ['connections'],
    ['authentications'],
    ['writes'],
    ['ledger'],
    ['runs'],
  ]) {
    void client.invalidateQueries({ queryKey })
  }
}

export function attentionTotal(counts: AttentionCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

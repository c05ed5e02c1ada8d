import { infiniteQueryOptions } from '@tanstack/react-query'
import type {
  ListedWrite,
  SettleInput,
  Write,
  WriteInput,
  WriteList,
  WriteState,
} from '../../../src/server/contract/writes.ts'
import { act, get, type Query } from './request.ts'

export type { ListedWrite, Write, WriteState }
export type Decision = SettleInput['decision']

export interface WriteFilter extends Query {
  connection?: string | undefined
  record?: string | undefined
  state?: WriteState | undefined
}

export const writesQuery = (filter: WriteFilter) =>
  infiniteQueryOptions({
    queryKey: ['writes', 'list', filter],
    queryFn: ({ signal, pageParam }) => get<WriteList>('/writes', { ...filter, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    // Writes have no live event of their own: while the page is open it asks.
    refetchInterval: 5000,
  })

/** Answered when it is kept; its way from there is shown with the record. */
export const keepWrite = (input: Partial<WriteInput> & Pick<WriteInput, 'operation'>) =>
  act<Write>('POST', '/writes', input)
export const settleWrite = (id: string, decision: Decision) => act<Write>('POST', `/writes/${id}/settle`, { decision })
export const retryWrite = (id: string) => act<Write>('POST', `/writes/${id}/retry`)

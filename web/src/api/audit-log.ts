import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  ActName,
  AuditedAct,
  AuditLogPage,
  AuditSeal,
  AuditVerified,
  VerifyFinding,
  VerifyStep,
} from '../../../src/server/contract/audit-log.ts'
import { streamed } from './connections.ts'
import { address, get, type Query } from './request.ts'

export type { ActName, AuditedAct, AuditSeal, AuditVerified, VerifyFinding, VerifyStep }

export type ActOutcome = AuditedAct['outcome']

export interface ActFilter extends Query {
  actor?: string | undefined
  act?: ActName | undefined
  subject?: string | undefined
  outcome?: ActOutcome | undefined
  from?: string | undefined
  to?: string | undefined
}

const atOnce = 50
const lookMs = 5_000

/** Stands still until it is asked for again: what came meanwhile is counted by `newActsQuery`. */
export const actsQuery = (filter: ActFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit-log', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      get<AuditLogPage>('/audit-log', { ...filter, cursor: pageParam, limit: atOnce }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** The newest again and again, beside the list. Acts have no live event of their own. */
export const newActsQuery = (filter: ActFilter) =>
  queryOptions({
    queryKey: ['audit-log', 'new', filter],
    queryFn: async ({ signal }) => (await get<AuditLogPage>('/audit-log', { ...filter, limit: atOnce }, signal)).acts,
    refetchInterval: lookMs,
    staleTime: 0,
    gcTime: 0,
  })

export const sealQuery = queryOptions({
  queryKey: ['audit-log', 'seal'],
  queryFn: ({ signal }) => get<AuditSeal>('/audit-log/seal', {}, signal),
  refetchInterval: lookMs,
})

/** Reads and proves the whole log; `head` is a hash of an earlier verification. */
export const verifyLog = (head: string | undefined, onStep: (step: VerifyStep) => void) =>
  streamed<AuditVerified, VerifyStep>('/audit-log/verify', head ? { head } : {}, onStep)

export const exportAddress = (filter: ActFilter, format: 'csv' | 'json') =>
  address('/audit-log/export', { ...filter, format })

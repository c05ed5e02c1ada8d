import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { RecordHistory } from '../../../src/server/contract/changes.ts'
import type {
  ChangeableFields,
  ContactPoint,
  HubRecord,
  RecordDetail,
  RecordList,
  Relation,
  RelationList,
} from '../../../src/server/contract/records.ts'
import { get, type Query } from './request.ts'
import { mayNow } from './rights.ts'

export type ChangeableField = ChangeableFields['fields'][number]
export type { ContactPoint, HubRecord, RecordDetail, Relation, RelationList }

export interface RecordFilter extends Query {
  entity?: string | undefined
  connection?: string | undefined
}

export const recordsQuery = (filter: RecordFilter) =>
  infiniteQueryOptions({
    queryKey: ['records', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      get<RecordList>('/records', { ...filter, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 30_000,
  })

export const firstRecordsQuery = (connection: string, entity: string | undefined) =>
  queryOptions({
    queryKey: ['records', 'first', connection, entity],
    queryFn: async ({ signal }) =>
      (await get<RecordList>('/records', { connection, entity, limit: 5 }, signal)).records,
  })

/** Users and teams of CRMs: the first of each. */
export const ownersHeldQuery = queryOptions({
  queryKey: ['records', 'owners'],
  queryFn: async ({ signal }) => {
    const lists = await Promise.all(
      ['team', 'user'].map((entity) => get<RecordList>('/records', { entity, limit: 100 }, signal)),
    )
    return lists.flatMap(({ records }) => records.filter(({ deletedAt }) => deletedAt === null))
  },
  staleTime: 30_000,
})

export const recordQuery = (id: string) =>
  queryOptions({
    queryKey: ['records', 'one', id],
    queryFn: ({ signal }) => get<RecordDetail>(`/records/${id}`, {}, signal),
  })

/** What of it whoever is signed in may change. */
export const changeableQuery = (id: string) =>
  queryOptions({
    queryKey: ['records', 'one', id, 'changeable'],
    queryFn: async ({ signal }) => (await get<ChangeableFields>(`/records/${id}/changeable`, {}, signal)).fields,
    staleTime: 300_000,
    enabled: () => mayNow('write:records'),
  })

export const relationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['records', 'one', id, 'relations'],
    queryFn: ({ signal }) => get<RelationList>(`/records/${id}/relations`, {}, signal),
  })

/** A row that a burst of changes pushes out of sight within this time asks for nothing. */
const STAYS_MS = 400

/** The name of what a record points at, by its id in the CRM; null: not held, or the record points elsewhere by now. */
export const referenceQuery = (id: string, sourceId: string) =>
  queryOptions({
    queryKey: ['records', 'one', id, 'reference', sourceId],
    queryFn: async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, STAYS_MS))
      signal.throwIfAborted()
      const { relations } = await get<RelationList>(`/records/${id}/relations`, {}, signal)
      const found = relations.find((each) => each.direction === 'out' && each.sourceId === sourceId.toLowerCase())
      return found?.record?.name ?? null
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

export const historyQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['records', 'one', id, 'history'],
    queryFn: ({ signal, pageParam }) => get<RecordHistory>(`/records/${id}/changes`, { cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })

import { queryOptions } from '@tanstack/react-query'
import type {
  ColumnSample,
  FieldDifference,
  KeyDifference,
  PreviewInput,
  ScopeDifference,
  TablePreview,
  TableRules,
  TableSamples,
} from '../../../src/server/contract/table-preview.ts'
import type {
  Completeness,
  Filter,
  SourceField,
  Table,
  TableChange,
  TableDetail,
  TableList,
} from '../../../src/server/contract/tables.ts'
import { act, get } from './request.ts'
import { mayNow } from './rights.ts'

export type {
  ColumnSample,
  Completeness,
  FieldDifference,
  Filter,
  KeyDifference,
  ScopeDifference,
  SourceField,
  Table,
  TableChange,
  TableDetail,
  TablePreview,
  TableRules,
}

export const tablesQuery = (connection: string) =>
  queryOptions({
    queryKey: ['tables', connection],
    queryFn: async ({ signal }) => (await get<TableList>(`/connections/${connection}/tables`, {}, signal)).tables,
  })

export const tableQuery = (connection: string, entity: string) =>
  queryOptions({
    queryKey: ['tables', connection, entity],
    queryFn: ({ signal }) => get<TableDetail>(`/connections/${connection}/tables/${entity}`, {}, signal),
    // Whoever reads records alone reads them without the CRM's own labels.
    enabled: () => entity !== '' && mayNow('read:status'),
  })

export const changeTable = (connection: string, entity: string, change: TableChange) =>
  act<TableDetail>('PATCH', `/connections/${connection}/tables/${entity}`, change)

export const tableRulesQuery = queryOptions({
  queryKey: ['table-rules'],
  queryFn: ({ signal }) => get<TableRules>('/table-rules', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

export const samplesQuery = (connection: string, entity: string) =>
  queryOptions({
    queryKey: ['samples', connection, entity],
    queryFn: ({ signal }) => get<TableSamples>(`/connections/${connection}/tables/${entity}/samples`, {}, signal),
    enabled: () => connection !== '' && mayNow('read:records'),
    staleTime: 300_000,
  })

export const previewTable = (connection: string, entity: string, input: PreviewInput) =>
  act<TablePreview>('POST', `/connections/${connection}/tables/${entity}/preview`, input)

import { queryOptions } from '@tanstack/react-query'
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

export type { Completeness, Filter, SourceField, Table, TableChange, TableDetail }

export const tablesQuery = (connection: string) =>
  queryOptions({
    queryKey: ['tables', connection],
    queryFn: async ({ signal }) => (await get<TableList>(`/connections/${connection}/tables`, {}, signal)).tables,
  })

export const tableQuery = (connection: string, entity: string) =>
  queryOptions({
    queryKey: ['tables', connection, entity],
    queryFn: ({ signal }) => get<TableDetail>(`/connections/${connection}/tables/${entity}`, {}, signal),
  })

export const changeTable = (connection: string, entity: string, change: TableChange) =>
  act<TableDetail>('PATCH', `/connections/${connection}/tables/${entity}`, change)

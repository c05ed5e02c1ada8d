import { queryOptions } from '@tanstack/react-query'
import type { Role, RoleList } from '../../../src/server/contract/permissions.ts'
import { get } from './request.ts'

export type { Role }

/** The built-in ones first. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: async ({ signal }) => (await get<RoleList>('/roles', {}, signal)).roles,
})

import { queryOptions } from '@tanstack/react-query'
import type { PermissionList, Role, RoleChange, RoleInput, RoleList } from '../../../src/server/contract/permissions.ts'
import { client } from './client.ts'
import { act, get } from './request.ts'

export type { Role, RoleChange, RoleInput }
export type PermissionWords = PermissionList['permissions'][number]

/** The built-in ones first. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: async ({ signal }) => (await get<RoleList>('/roles', {}, signal)).roles,
})

export const permissionsQuery = queryOptions({
  queryKey: ['permissions'],
  queryFn: async ({ signal }) => (await get<PermissionList>('/permissions', {}, signal)).permissions,
  staleTime: Number.POSITIVE_INFINITY,
})

export const refreshRoles = () => client.invalidateQueries({ queryKey: ['roles'] })

export const createRole = (input: RoleInput) => act<Role>('POST', '/roles', input)
export const changeRole = (id: string, change: RoleChange) => act<Role>('PATCH', `/roles/${id}`, change)
export const removeRole = (id: string) => act('DELETE', `/roles/${id}`)

import type { PermissionWords, Role } from '../../api/roles.ts'

type Group = PermissionWords['group']
export type Permission = PermissionWords['permission']

const order: Group[] = ['records', 'integrations', 'contact centre', 'hub']

/** Groups with what is in each, in the order in which they are read. */
export function groupsOf(permissions: PermissionWords[]): [Group, PermissionWords[]][] {
  return order.map((group) => [group, permissions.filter((one) => one.group === group)])
}

export interface RecordAct {
  permission: Permission
  side: 'reads' | 'writes'
}

/** Permissions that reach only as far as the role says of each kind of record. */
export const recordActs: Partial<Record<Permission, RecordAct>> = {
  'read:records': { permission: 'read:records', side: 'reads' },
  'write:records': { permission: 'write:records', side: 'writes' },
}

export type Right = Role['others']
export type Reach = Right['reads']
export const reaches: Reach[] = ['none', 'own', 'all']

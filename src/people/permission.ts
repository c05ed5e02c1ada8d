import type { Scope } from './scope.ts'

/** What a person's roles may allow. Those of parts that are still to come stand here already, so that roles need no change. */
export const permissions = [
  'read:status',
  'read:records',
  'write:records',
  'create:integrations',
  'edit:integrations',
  'manage:sync',
  'create:data-memorialization',
  'create:dynamic-data',
  'manage:flows',
  'manage:channels',
  'manage:agent-connections',
  'manage:people',
  'manage:keys',
  'read:audit',
] as const

export type Permission = (typeof permissions)[number]

/** The roles that every hub has. They cannot be changed. */
export const builtInRoles = {
  administrator: permissions,
  integrator: [
    'read:status',
    'read:records',
    'create:integrations',
    'edit:integrations',
    'manage:sync',
    'manage:keys',
    'create:data-memorialization',
    'create:dynamic-data',
    'manage:flows',
    'manage:channels',
    'manage:agent-connections',
  ],
  supervisor: ['read:status', 'read:records', 'write:records', 'read:audit'],
  agent: ['read:records', 'write:records'],
  'office-worker': ['read:records', 'write:records'],
  auditor: ['read:status', 'read:audit'],
} as const satisfies Record<string, readonly Permission[]>

export type RoleName = keyof typeof builtInRoles

const isRoleName = (name: string): name is RoleName => Object.hasOwn(builtInRoles, name)

/** What several roles allow together. A role that is unknown allows nothing. */
export function permissionsOf(roles: readonly string[]): ReadonlySet<Permission> {
  return new Set(roles.flatMap((role): readonly Permission[] => (isRoleName(role) ? builtInRoles[role] : [])))
}

/** The routes still ask for scopes: one scope for connections, where there are two permissions. */
export function scopesOf(granted: ReadonlySet<Permission>): ReadonlySet<Scope> {
  const scopes = new Set<Scope>()
  for (const permission of granted) {
    const scope = scopeOf[permission]
    if (scope !== undefined) scopes.add(scope)
  }
  if (granted.has('create:integrations') && granted.has('edit:integrations')) scopes.add('manage:connections')
  return scopes
}

const scopeOf: Partial<Record<Permission, Scope>> = {
  'read:status': 'read:status',
  'read:records': 'read:records',
  'write:records': 'write:records',
  'manage:sync': 'manage:sync',
  'manage:keys': 'manage:keys',
  'manage:people': 'manage:people',
}

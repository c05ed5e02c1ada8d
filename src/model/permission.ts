/**
 * What somebody may do, in one closed list: roles are made of these, and keys too. Those of parts that are still to come
 * stand here already, so that roles need no change when they do.
 */
export const permissions = [
  'read:status',
  'read:records',
  'write:records',
  'create:integrations',
  'edit:integrations',
  'manage:sync',
  'use:desktop',
  'read:interactions',
  'send:interactions',
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

/** Names that older keys, programs and papers use, and what each stands for. */
const olderNames: Record<string, readonly Permission[]> = {
  'manage:connections': ['create:integrations', 'edit:integrations'],
  all: permissions,
}

/** In the order of the list, each once; what nobody knows any more allows nothing. */
export function readPermissions(names: readonly string[]): Permission[] {
  const meant = new Set<string>(names.flatMap((name): readonly string[] => olderNames[name] ?? [name]))
  return permissions.filter((permission) => meant.has(permission))
}

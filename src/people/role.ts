import { type Permission, permissions } from '#model/permission.ts'
import { joinSights, type Reach, type Sight } from '#model/sight.ts'

/** How far a role reaches in one entity. */
export interface Right {
  reads: Reach
  writes: Reach
  /** Fields that are not shown, by the model's name or by the CRM's. */
  masked: string[]
}

/** Named permissions, with how far those over records reach. */
export interface Role {
  id: string
  name: string
  description: string
  /** In the code: it can be copied, not changed. */
  builtIn: boolean
  permissions: Permission[]
  entities: (Right & { entity: string })[]
  /** Of every entity that is not named. */
  others: Right
  /** Counts changes: sent back with a change, it refuses one made upon an older state. */
  version: number
}

const administrator = 'administrator'

const right = (reads: Reach, writes: Reach): Right => ({ reads, writes, masked: [] })

function builtIn(id: string, name: string, given: Pick<Role, 'description' | 'permissions' | 'others'>): Role {
  return { id, name, builtIn: true, entities: [], version: 1, ...given }
}

/** The roles that every hub has. */
export const builtInRoles: readonly Role[] = [
  builtIn(administrator, 'Administrator', {
    description: 'May do everything',
    permissions: [...permissions],
    others: right('all', 'all'),
  }),
  builtIn('integrator', 'Integrator', {
    description: 'Connects CRMs and keeps them connected; makes keys for programs',
    permissions: [
      'read:status',
      'read:records',
      'create:integrations',
      'edit:integrations',
      'manage:sync',
      'read:interactions',
      'send:interactions',
      'create:data-memorialization',
      'create:dynamic-data',
      'manage:flows',
      'manage:channels',
      'manage:agent-connections',
      'manage:keys',
    ],
    others: right('all', 'none'),
  }),
  builtIn('supervisor', 'Supervisor', {
    description: 'Sees and writes all records, the state and the audit log',
    permissions: ['read:status', 'read:records', 'write:records', 'use:desktop', 'read:interactions', 'read:audit'],
    others: right('all', 'all'),
  }),
  builtIn('agent', 'Agent', {
    description: 'Sees who calls, and writes to the CRM',
    permissions: ['read:records', 'write:records', 'use:desktop'],
    others: right('all', 'all'),
  }),
  builtIn('office-worker', 'Office worker', {
    description: 'Sees and writes the records that are their own',
    permissions: ['read:records', 'write:records'],
    others: right('own', 'own'),
  }),
  builtIn('auditor', 'Auditor', {
    description: 'Sees the state and the audit log, and no record',
    permissions: ['read:status', 'read:audit'],
    others: right('none', 'none'),
  }),
]

/** What roles together let somebody do and see. */
export interface Grants {
  permissions: ReadonlySet<Permission>
  sight: Sight
}

/** `owners`: record ids of the CRM's users and teams that the holder is. */
export function grantsOf(roles: readonly Role[], owners: ReadonlySet<string>): Grants {
  return {
    permissions: new Set(roles.flatMap((role) => role.permissions)),
    sight: joinSights(roles.map(sightOfRole), owners),
  }
}

/** A right over records counts only with the permission that it is of. */
function sightOfRole({ permissions, entities, others }: Role): Sight {
  const part = ({ reads, writes, masked }: Right) => ({
    reads: permissions.includes('read:records') ? reads : ('none' as const),
    writes: permissions.includes('write:records') ? writes : ('none' as const),
    masked: new Set(masked),
  })
  return {
    all: false,
    entities: new Map(entities.map((one) => [one.entity, part(one)])),
    others: part(others),
    owners: new Set(),
  }
}

import { guidOf } from '../organisation/random.ts'
import { lacks, type Organization } from './organization.ts'
import type { TableDefinition } from './schema.ts'

export const PRIVILEGES = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign', 'Share'] as const
export type Privilege = (typeof PRIVILEGES)[number]

/** All kinds of activities share one set of privileges ("Activity tables"). */
const privilegeName = (verb: Privilege, { activity, schema }: TableDefinition): string =>
  `prv${verb}${activity ? 'Activity' : schema}`

const privilegeId = (name: string) => guidOf(5, `privilege ${name}`)

/** `Privileges` of a table's metadata. */
export const privilegesOf = (definition: TableDefinition) =>
  PRIVILEGES.map((verb) => {
    const name = privilegeName(verb, definition)
    return {
      ...{ CanBeBasic: true, CanBeDeep: true, CanBeEntityReference: false, CanBeGlobal: true, CanBeLocal: true },
      ...{ CanBeParentEntityReference: false, Name: name, PrivilegeId: privilegeId(name), PrivilegeType: verb },
    }
  })

/** What the roles of a user give, all of it at the depth of the organisation; what is denied of a table is left out. */
export function heldPrivileges(org: Organization, userId: string) {
  const held = new Map<string, boolean>()
  for (const { definition } of org.tables.values()) {
    for (const verb of PRIVILEGES) {
      const name = privilegeName(verb, definition)
      held.set(name, held.get(name) !== false && !lacks(org, userId, verb, definition.logical))
    }
  }
  return [...held].flatMap(([PrivilegeName, has]) =>
    has
      ? [
          {
            Depth: 'Global',
            PrivilegeId: privilegeId(PrivilegeName),
            BusinessUnitId: org.seedData.businessUnit,
            PrivilegeName,
          },
        ]
      : [],
  )
}

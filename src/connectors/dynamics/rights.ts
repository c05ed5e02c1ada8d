import type { CrmSession } from '#connectors/call.ts'
import type { Right } from '#connectors/destination.ts'
import { apiPath, askJson } from './client.ts'
import { privilegeList, whoAmI } from './wire.ts'

// To point at a row, one needs Append on it and AppendTo on what it is pointed at.
const verbs = { create: 'Create', read: 'Read', write: 'Write', append: 'Append', append_to: 'AppendTo' } as const

/** The privileges of the application user's roles, by name ("RetrieveUserPrivileges Function"). */
export async function rights(session: CrmSession, tables: readonly string[], deletes: boolean): Promise<Right[]> {
  const asked = { what: 'what its user may do', lane: 'person' } as const
  const { UserId } = await askJson(session, `${apiPath}/WhoAmI`, asked, whoAmI)
  const path = `${apiPath}/systemusers(${UserId})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`
  const { RolePrivileges } = await askJson(session, path, asked, privilegeList)
  const held = new Set(RolePrivileges.map(({ PrivilegeName }) => PrivilegeName?.toLowerCase()))
  return tables.flatMap((table) =>
    Object.entries({ ...verbs, ...(deletes ? { delete: 'Delete' } : {}) }).map(([verb, named]) => {
      const name = `prv${named}${table.charAt(0).toUpperCase()}${table.slice(1)}`
      return { name, table, verb: verb as Right['verb'], has: held.has(name.toLowerCase()) }
    }),
  )
}

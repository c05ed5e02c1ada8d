import type { CrmSession } from '#connectors/call.ts'
import type { Right } from '#connectors/destination.ts'
import { apiPath, askJson } from './client.ts'
import { privilegeList, tablePrivileges, whoAmI } from './wire.ts'

// To point at a row, one needs Append on it and AppendTo on what it is pointed at.
const verbs = { create: 'Create', read: 'Read', write: 'Write', append: 'Append', append_to: 'AppendTo' } as const

const asked = { what: 'what its user may do', lane: 'person' } as const

/** The privileges of the application user's roles, by name ("RetrieveUserPrivileges Function"). */
export async function rights(session: CrmSession, tables: readonly string[], deletes: boolean): Promise<Right[]> {
  const { UserId } = await askJson(session, `${apiPath}/WhoAmI`, asked, whoAmI)
  const path = `${apiPath}/systemusers(${UserId})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`
  const { RolePrivileges } = await askJson(session, path, asked, privilegeList)
  const held = new Set(RolePrivileges.map(({ PrivilegeName }) => PrivilegeName?.toLowerCase()))
  const rightsOf = async (table: string): Promise<Right[]> => {
    const names = await namesOf(session, table)
    return Object.entries({ ...verbs, ...(deletes ? { delete: 'Delete' } : {}) }).map(([verb, named]) => {
      const name = names.get(named) ?? `prv${named}${table.charAt(0).toUpperCase()}${table.slice(1)}`
      return { name, table, verb: verb as Right['verb'], has: held.has(name.toLowerCase()) }
    })
  }
  return (await Promise.all(tables.map(rightsOf))).flat()
}

/** By verb; not always after the table: all kinds of activities share theirs (`prvCreateActivity`). */
async function namesOf(session: CrmSession, table: string): Promise<Map<string, string>> {
  const path = `${apiPath}/EntityDefinitions(LogicalName='${table}')?$select=LogicalName,Privileges`
  const { Privileges } = await askJson(session, path, asked, tablePrivileges)
  return new Map(Privileges?.map(({ PrivilegeType, Name }) => [PrivilegeType, Name]))
}

import type { RoleList } from '../server/contract/permissions.ts'
import type { Api } from './api.ts'
import { usage } from './failure.ts'

/** Ids of roles that are named by name or id. */
export async function rolesNamed(api: Api, given: readonly string[]): Promise<string[]> {
  const { roles } = await api.get<RoleList>('/roles')
  return given.map((text) => {
    const wanted = text.toLowerCase()
    const found = roles.find(({ id }) => id === wanted) ?? roles.find(({ name }) => name.toLowerCase() === wanted)
    if (found) return found.id
    throw usage(
      `There is no role “${text}”. There are: ${roles.map(({ id, name, builtIn }) => (builtIn ? id : name)).join(', ')}`,
    )
  })
}

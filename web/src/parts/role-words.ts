import { useQuery } from '@tanstack/react-query'
import { type Role, rolesQuery } from '../api/roles.ts'
import { useMay } from '../api/session.ts'
import { useText } from '../text/use-text.tsx'

interface RoleWords {
  name(id: string): string
  /** Null: it is gone, or not told to who looks. */
  known(id: string): string | null
  text(role: Role): string
}

/** Built-in roles in the person's language, others as they were named by whoever made them; `told`: by an answer. */
export function useRoleWords(told: Record<string, string> = {}): RoleWords {
  const { t } = useText()
  const may = useMay('manage:people', 'manage:keys', 'read:audit')
  const { data: roles } = useQuery({ ...rolesQuery, enabled: may })
  const known = (id: string) => t.roles[id] ?? told[id] ?? roles?.find((role) => role.id === id)?.name ?? null
  return {
    known,
    name: (id) => known(id) ?? t.people.ownRole,
    text: (role) => t.roleTexts[role.id] ?? role.description,
  }
}

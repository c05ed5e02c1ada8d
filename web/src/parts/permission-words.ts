import { useQuery } from '@tanstack/react-query'
import { type PermissionWords, permissionsQuery } from '../api/roles.ts'
import { useText } from '../text/use-text.tsx'

type Permission = PermissionWords['permission']

/** What the hub calls each permission, in the person's language; by its own name until that is known. */
export function usePermissionWords(): {
  all: { permission: Permission; title: string; text: string }[]
  name(permission: string): string
} {
  const { language } = useText()
  const { data = [] } = useQuery(permissionsQuery)
  const all = data.map(({ permission, title, text }) => ({ permission, title: title[language], text: text[language] }))
  return { all, name: (permission) => all.find((one) => one.permission === permission)?.title ?? permission }
}

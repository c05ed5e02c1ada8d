import { useQuery } from '@tanstack/react-query'
import type { AttentionItem } from '../../api/attention.ts'
import { connectionsQuery } from '../../api/connections.ts'
import { useNames } from '../../parts/names.ts'

/** To what it happened, in words: the organisation where there are several, and the kind of record. */
export function useSubject(): (item: AttentionItem) => string {
  const names = useNames()
  const { data } = useQuery(connectionsQuery)
  return (item) => {
    if (!item.entity) return item.connectionName
    const several = item.kind === 'run' || item.kind === 'sweep'
    const entity = several ? names.many(item.entity) : names.one(item.entity)
    return data?.length === 1 ? entity : `${item.connectionName} · ${entity}`
  }
}

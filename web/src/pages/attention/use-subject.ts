import type { AttentionItem } from '../../api/attention.ts'
import { useNames } from '../../parts/names.ts'

/** To what it happened, in words: the organisation, and the kind of record. */
export function useSubject(): (item: AttentionItem) => string {
  const names = useNames()
  return (item) => {
    const entity = item.entity
      ? (item.kind === 'run' || item.kind === 'sweep' ? names.many : names.one)(item.entity)
      : null
    return [item.connectionName, entity].filter(Boolean).join(' · ')
  }
}

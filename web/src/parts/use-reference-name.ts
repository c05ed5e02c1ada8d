import { useQuery } from '@tanstack/react-query'
import { referenceQuery } from '../api/records.ts'

/** The name of what a record points at, by its id in the CRM; null while it is asked for, and where nothing tells it. */
export function useReferenceName(recordId: string, sourceId: string | null): string | null {
  const reference = useQuery({ ...referenceQuery(recordId, sourceId ?? ''), enabled: sourceId !== null })
  return reference.data ?? null
}

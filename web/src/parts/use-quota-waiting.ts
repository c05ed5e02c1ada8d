import { useQuery } from '@tanstack/react-query'
import { quotaQuery } from '../api/quota.ts'
import { useText } from '../text/use-text.tsx'

/** How many calls wait for the CRM's limit, in words; null while none does. */
export function useQuotaWaiting(connection: string): string | null {
  const { t } = useText()
  const { data } = useQuery(quotaQuery(connection))
  const waiting = data?.waiting.reduce((sum, lane) => sum + lane.count, 0) ?? 0
  return waiting > 0 ? t.quota.waiting(waiting) : null
}

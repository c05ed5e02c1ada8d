import type { Configuration } from '../../api/configurations.ts'
import type { Health } from '../../parts/health.tsx'
import { useText } from '../../text/use-text.tsx'

export const configurationHealth: Record<Configuration['state'], Health> = {
  active: 'ok',
  off: 'idle',
  needs_attention: 'bad',
}

/** What a configuration holds, in words; what it has none of is left out. */
export function usePartCounts(): (parts: Configuration['parts']) => string {
  const { t, f } = useText()
  return (parts) => {
    const told = (Object.keys(parts) as (keyof typeof parts)[])
      .filter((kind) => parts[kind] > 0)
      .map((kind) => t.configurations.counts[kind](parts[kind]))
    return told.length > 0 ? f.list(told) : t.configurations.nothingYet
  }
}

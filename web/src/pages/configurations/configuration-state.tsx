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

/** The same in one line: how many parts, and how many agent workflows have them used. */
export function useHeld(): (parts: Configuration['parts']) => string {
  const { t } = useText()
  return ({ agentWorkflows, ...parts }) => {
    const count = Object.values(parts).reduce((sum, one) => sum + one, 0)
    if (count + agentWorkflows === 0) return t.configurations.nothingYet
    return `${t.configurations.partCount(count)} · ${t.configurations.counts.agentWorkflows(agentWorkflows)}`
  }
}

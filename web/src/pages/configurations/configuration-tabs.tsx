import { Link } from 'react-router'
import type { Configuration } from '../../api/configurations.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './configurations.module.css'

const tabs = ['overview', 'search', 'dynamic-data', 'memorialization', 'workflows', 'agent-workflows'] as const
type Tab = (typeof tabs)[number]

export const isTab = (name: string): name is Tab => (tabs as readonly string[]).includes(name)

/** Each tab is an address of its own. */
export function ConfigurationTabs({ configuration, tab }: { configuration: Configuration; tab: Tab }) {
  const { t, f } = useText()
  const { parts, id } = configuration
  const counts: Record<Tab, number> = {
    ...{ overview: 0, search: parts.search, 'dynamic-data': parts.dynamicData },
    ...{ memorialization: parts.memorialization, workflows: parts.create + parts.update },
    'agent-workflows': parts.agentWorkflows,
  }
  return (
    <nav className={styles.tabs} aria-label={t.configurations.tabs.label}>
      {tabs.map((one) => (
        <Link
          key={one}
          to={`/configurations/${id}${one === 'overview' ? '' : `/${one}`}`}
          preventScrollReset
          aria-current={one === tab ? 'page' : undefined}
        >
          {t.configurations.tabs[one]}
          {counts[one] > 0 ? <span className={styles.count}>{f.count(counts[one])}</span> : null}
        </Link>
      ))}
    </nav>
  )
}

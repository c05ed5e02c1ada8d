import type { Completeness } from '../../api/tables.ts'
import { Tag } from '../../parts/badge.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './same.module.css'

/** How much of the CRM's table stands here in the version that the CRM holds, and when that was counted. */
export function Same({ completeness }: { completeness: Completeness | null }) {
  const { t, f } = useText()
  if (!completeness) return <span className={styles.none}>{t.tables.notCompared}</span>
  const short = completeness.differences > completeness.healed || completeness.held < completeness.crm
  return (
    <span className={styles.same} title={f.exact(completeness.at)}>
      <Tag tone={short ? 'warn' : 'ok'}>{f.percent(completeness.held, completeness.crm)}</Tag>
      <span className={styles.none}>
        {t.unit.ofAll(completeness.held, completeness.crm)} · {f.moment(completeness.at)}
      </span>
    </span>
  )
}

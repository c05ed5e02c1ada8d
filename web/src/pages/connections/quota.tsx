import { useQuery } from '@tanstack/react-query'
import { type Quota, quotaQuery } from '../../api/quota.ts'
import { HealthDot } from '../../parts/health.tsx'
import { Section } from '../../parts/page.tsx'
import { Ahead } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './quota.module.css'

/** How much of the CRM's allowance is used, what is kept for calls, and who waits until when. */
export function QuotaSection({ connection }: { connection: string }) {
  const { t, f } = useText()
  const { data: quota } = useQuery(quotaQuery(connection))
  if (!quota) return null
  return (
    <Section title={t.quota.title} text={t.quota.text(f.count(quota.limit), f.span(quota.windowSeconds))}>
      <div className={styles.quota}>
        <div className={styles.figures}>
          <p className={styles.left}>
            <strong>{f.count(quota.left)}</strong> {t.quota.left}
          </p>
          <p>{t.quota.used(f.count(quota.used))}</p>
          <p>{t.quota.reserved(f.count(quota.reserved))}</p>
        </div>
        <QuotaMeter quota={quota} />
        <Waiting quota={quota} />
      </div>
    </Section>
  )
}

/** From the left what is used, from the right what is kept for calls. */
function QuotaMeter({ quota }: { quota: Quota }) {
  const { t, f } = useText()
  const share = (part: number) => `${Math.min(100, quota.limit === 0 ? 100 : (part / quota.limit) * 100)}%`
  const tight = quota.left <= quota.reserved
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter of the browser's own shows one part, this shows two
    <div
      className={styles.meter}
      role="meter"
      aria-label={t.quota.title}
      aria-valuemin={0}
      aria-valuemax={quota.limit}
      aria-valuenow={quota.used}
      aria-valuetext={t.quota.meter(f.count(quota.used), f.count(quota.limit))}
    >
      <span className={styles.kept} style={{ inlineSize: share(quota.reserved) }} />
      <span className={styles.used} data-tight={tight} style={{ inlineSize: share(quota.used) }} />
    </div>
  )
}

function Waiting({ quota }: { quota: Quota }) {
  const { t } = useText()
  if (quota.waiting.length === 0 && !quota.blockedUntil) {
    return (
      <p className={styles.nobody}>
        {t.quota.nobody}
        {quota.resetsAt ? <Ahead at={quota.resetsAt} say={t.quota.back} /> : null}
      </p>
    )
  }
  return (
    <ul className={styles.waiting}>
      {quota.blockedUntil ? (
        <li>
          <HealthDot health="warn" /> <Ahead at={quota.blockedUntil} say={t.quota.blocked} />
        </li>
      ) : null}
      {quota.waiting.map(({ lane, count, until }) => (
        <li key={lane}>
          <HealthDot health={lane === 'ring' || lane === 'person' ? 'warn' : 'busy'} />
          <span>{t.quota.lanes[lane](count)}</span>
          <Ahead at={until} say={t.quota.next} />
        </li>
      ))}
    </ul>
  )
}

import { EmptyState } from '../../parts/empty-state.tsx'
import { HealthDot } from '../../parts/health.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { Summary } from './summary.tsx'

/** What it will look like, and how it comes to be. */
export function EmptyDesk() {
  const { t } = useText()
  return (
    <EmptyState
      title={t.desk.emptyTitle}
      text={t.desk.emptyText}
      picture={<GhostCard />}
      action={
        <details className={styles.how}>
          <Summary>{t.desk.nobodyTitle}</Summary>
          <p>{t.desk.nobodyText}</p>
        </details>
      }
    />
  )
}

function GhostCard() {
  const { t } = useText()
  return (
    <div className={`${styles.card} ${styles.ghost}`}>
      <div className={styles.head} data-state="offered">
        <div className={styles.line}>
          <span className={styles.state}>
            <HealthDot health="busy" />
            {t.desk.states.offered}
          </span>
          <span className={styles.clock}>00:04</span>
          <span className={styles.skill}>{t.desk.ghost.skill}</span>
        </div>
        <p className={styles.name}>Marie Dubois</p>
        <p className={styles.number}>+32 470 12 34 56</p>
        <p className={styles.why}>{t.desk.ghost.why}</p>
      </div>
      <dl className={`${styles.part} ${styles.facts}`}>
        <div>
          <dt>{t.desk.open}</dt>
          <dd>{t.desk.ghost.openCase}</dd>
        </div>
        <div>
          <dt>{t.desk.last}</dt>
          <dd>
            {t.desk.channels.chat} · {t.desk.withYou}
          </dd>
        </div>
        <div>
          <dt>{t.desk.note}</dt>
          <dd>{t.desk.noteHint}</dd>
        </div>
      </dl>
    </div>
  )
}

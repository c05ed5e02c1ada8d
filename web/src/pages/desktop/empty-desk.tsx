import { useQuery } from '@tanstack/react-query'
import { accountQuery } from '../../api/account.ts'
import { sessionQuery } from '../../api/session.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { HealthDot } from '../../parts/health.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { DeskSteps, useDeskSteps } from './desk-steps.tsx'
import { Summary } from './summary.tsx'

/** What it will look like, and how it comes to be: for whoever sets it up, the steps that are left. */
export function EmptyDesk() {
  const { t } = useText()
  const steps = useDeskSteps()
  if (steps === undefined) return <SkeletonBlock height={420} />
  const left = steps?.filter(({ done }) => !done).length ?? 0
  if (steps && left > 0) {
    return (
      <EmptyState
        title={t.desk.steps.title(left)}
        text={t.desk.emptyText}
        picture={<GhostCard />}
        action={<DeskSteps steps={steps} />}
      />
    )
  }
  return <EmptyState title={t.desk.emptyTitle} text={t.desk.emptyText} picture={<GhostCard />} action={<Nobody />} />
}

/** Why it may stay empty, and whom to ask. */
function Nobody() {
  const { t } = useText()
  const { data: session } = useQuery(sessionQuery)
  const { data: account } = useQuery({ ...accountQuery, enabled: session?.kind === 'person' })
  return (
    <details className={styles.how}>
      <Summary>{t.desk.nobodyTitle}</Summary>
      {account?.email ? <p>{t.desk.nobodyAddress(account.email)}</p> : null}
      <p>{t.desk.nobodyText}</p>
    </details>
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
